import type { Terms, TermWeights } from '@ddad/detector';

/** The memory by itself. */
export const memoryAlone: TermWeights = { memory: 1, pixel: 0, feature: 0 };

/** Weights beside a memory where nothing speaks against them, heaviest first (docs/decisions/0014). */
const besideMemory: readonly TermWeights[] = [
  { memory: 1, pixel: 0.125, feature: 0.0625 },
  { memory: 1, pixel: 0.0625, feature: 0.03125 },
  memoryAlone,
];

/** What is tried for the distances of DDAD beside a memory of weight 1. */
const shares = [0, 0.0625, 0.125, 0.25];

/** The same without a memory, or with one that counts little. */
const leading = [0, 0.25, 0.5, 1];
const following = [0, 0.125, 0.25];

/** Weights to choose from, for a detector with these terms. */
export function weightCandidates(names: readonly (keyof Terms)[]): {
  usual: readonly TermWeights[];
  others: readonly TermWeights[];
} {
  const hasMemory = names.includes('memory');
  const others: TermWeights[] = [];
  const add = (memory: number, weights: readonly number[]) => {
    for (const feature of weights) {
      for (const pixel of weights) if (pixel + feature > 0) others.push({ memory, feature, pixel });
    }
  };
  if (hasMemory) {
    others.push(memoryAlone);
    add(1, shares);
  }
  for (const memory of hasMemory ? following : [0]) add(memory, leading);
  return { usual: hasMemory ? besideMemory : [{ feature: 1, pixel: 1 }], others };
}
