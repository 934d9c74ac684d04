import type { Op, Value } from './value.js';

/** How often each value is an input of an op or an output of the graph. */
export function usesOf(ops: readonly Op[], outputs: readonly Value[]): Map<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value | null) => value && uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const { inputs } of ops) inputs.forEach(use);
  outputs.forEach(use);
  return uses;
}
