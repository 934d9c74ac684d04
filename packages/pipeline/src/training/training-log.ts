import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from '../io/write-atomic.js';

/** What a training records of itself. */
export interface Curves {
  /** By optimiser step. */
  loss: { step: number; loss: number }[];
  /** Mean absolute difference of held-back good images and their reconstructions, by optimiser step. */
  validation: { step: number; loss: number }[];
}

const files = {
  loss: { name: 'training.csv', header: 'step,loss' },
  validation: { name: 'validation.csv', header: 'step,reconstruction_error' },
} as const;
const kinds = ['loss', 'validation'] as const;

/** Writes the curves of a training beside its checkpoints: `training.csv`, and `validation.csv` if there was any. */
export async function writeTrainingLog(folder: string, curves: Curves): Promise<void> {
  for (const kind of kinds) {
    const { name, header } = files[kind];
    const rows = curves[kind].map(({ step, loss }) => `${step},${loss}`);
    if (kind === 'loss' || rows.length)
      await writeAtomic(join(folder, name), `${[header, ...rows].join('\n')}\n`);
  }
}

/** The curves a training has written, up to step `until`; empty if there are none. */
export async function readTrainingLog(folder: string, until = Number.POSITIVE_INFINITY): Promise<Curves> {
  const [loss, validation] = await Promise.all(kinds.map((kind) => readRows(join(folder, files[kind].name))));
  const upTo = (rows: Curves['loss']) => rows.filter(({ step }) => step <= until);
  return { loss: upTo(loss), validation: upTo(validation) };
}

async function readRows(path: string): Promise<Curves['loss']> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => {
      const [step, loss] = row.split(',').map(Number);
      return { step, loss };
    });
}
