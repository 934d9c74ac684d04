import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from './io/write-atomic.js';

/** Loss by optimiser step. */
export interface Curves {
  loss: { step: number; loss: number }[];
}

const fileName = 'training.csv';

/** Writes the losses of a training beside its checkpoints. */
export async function writeTrainingLog(folder: string, { loss }: Curves): Promise<void> {
  const rows = loss.map((row) => `${row.step},${row.loss}`);
  await writeAtomic(join(folder, fileName), `${['step,loss', ...rows].join('\n')}\n`);
}

/** The losses a training has written; empty if there are none. */
export async function readTrainingLog(folder: string): Promise<Curves> {
  let text: string;
  try {
    text = await readFile(join(folder, fileName), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { loss: [] };
    throw error;
  }
  const rows = text.trim().split('\n').slice(1);
  return {
    loss: rows.map((row) => {
      const [step, loss] = row.split(',').map(Number);
      return { step, loss };
    }),
  };
}
