import type { StateDict } from './state-dict.js';

/**
 * The same tensors with `prefix` taken off their names, where every name carries it; otherwise a copy as it is.
 *
 * `torch.nn.DataParallel` saves every name behind `module.`, as the DDAD reference's checkpoints have it.
 */
export function stripPrefix(stateDict: StateDict, prefix: string): StateDict {
  const names = [...stateDict.keys()];
  if (!names.every((name) => name.startsWith(prefix))) return new Map(stateDict);
  return new Map([...stateDict].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
