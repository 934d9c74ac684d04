import type { StateDict } from './state-dict.js';

/** What wraps a network: DataParallel and AveragedModel, torch.compile, and the usual names of attributes. */
const prefixes = [
  'module.',
  '_orig_mod.',
  'model.',
  'net.',
  'network.',
  'backbone.',
  'encoder.',
  'ema_model.',
];

/** What averages count beside the network: torch.optim.swa_utils.AveragedModel, ema-pytorch. */
const counters = new Set(['n_averaged', 'initted', 'step']);

/**
 * The same tensors without the prefixes that wrappers of a network give every name: `module.` (`DataParallel`,
 * `DistributedDataParallel`, `AveragedModel`), `_orig_mod.` (`torch.compile`), `model.`, `net.`, `network.`, `backbone.`,
 * `encoder.`, `ema_model.`, also one within another. The counters of an average (`n_averaged`, `initted`, `step`) need
 * no prefix and are left out where one was stripped. Where any other name lacks the prefix, nothing changes.
 *
 * For networks whose own names do not all begin so.
 */
export function stripWrapperPrefixes(stateDict: StateDict): StateDict {
  let current = new Map(stateDict);
  for (;;) {
    const names = [...current.keys()].filter((name) => !counters.has(name));
    const prefix = prefixes.find((each) => names.every((name) => name.startsWith(each)));
    if (names.length === 0 || prefix === undefined) return current;
    current = new Map(names.map((name) => [name.slice(prefix.length), current.get(name)!]));
  }
}
