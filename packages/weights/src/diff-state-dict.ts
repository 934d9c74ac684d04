import type { StateDict } from './state-dict.js';

export interface Misshapen {
  name: string;
  expected: number[];
  actual: number[];
}

/** How a state dict differs from what a module needs. All empty: it fits exactly. */
export interface StateDictDiff {
  /** Names the module needs and the state dict lacks, in the module's order. */
  missing: string[];
  /** Names in the state dict that the module does not know, in the state dict's order. */
  unexpected: string[];
  /** Names on both sides with different shapes, in the module's order. */
  misshapen: Misshapen[];
}

/**
 * Compares a state dict with the names and shapes a module needs.
 *
 * @param expected The module's tensors: shape by name, PyTorch layout.
 */
export function diffStateDict(stateDict: StateDict, expected: ReadonlyMap<string, number[]>): StateDictDiff {
  const diff: StateDictDiff = { missing: [], unexpected: [], misshapen: [] };
  for (const [name, shape] of expected) {
    const actual = stateDict.get(name)?.shape;
    if (!actual) diff.missing.push(name);
    else if (actual.length !== shape.length || actual.some((size, i) => size !== shape[i])) {
      diff.misshapen.push({ name, expected: shape, actual });
    }
  }
  diff.unexpected = [...stateDict.keys()].filter((name) => !expected.has(name));
  return diff;
}
