import { join } from 'node:path';
import { writeAtomic } from '../io/write-atomic.js';
import { type Curves, curveFiles, curveKinds } from './curves.js';

/** Writes the curves of a training beside its checkpoints: `training.csv`, and `validation.csv` if there was any. */
export async function writeTrainingLog(folder: string, curves: Curves): Promise<void> {
  for (const kind of curveKinds) {
    const { name, header } = curveFiles[kind];
    const rows = curves[kind].map(({ step, loss }) => `${step},${loss}`);
    if (kind === 'loss' || rows.length)
      await writeAtomic(join(folder, name), `${[header, ...rows].join('\n')}\n`);
  }
}
