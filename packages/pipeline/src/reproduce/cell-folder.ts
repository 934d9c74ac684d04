import { join } from 'node:path';
import type { Cell } from './shard.js';

/** Everything of one run, below the folder of the reproduction. */
export function cellFolder(out: string, { category, seed }: Cell): string {
  return join(out, category, `seed-${seed}`);
}

/** What a cell's folder holds. */
export const cellFiles = {
  checkpoints: 'checkpoints',
  results: 'results',
  /** Why it failed. */
  failure: 'failure.json',
  /** What it was shortened to, to fit into a budget. */
  cut: 'cut.json',
} as const;
