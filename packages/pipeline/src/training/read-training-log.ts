import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Curves, curveFiles, curveKinds } from './curves.js';

/** The curves a training has written, up to step `until`; empty if there are none. */
export async function readTrainingLog(folder: string, until = Number.POSITIVE_INFINITY): Promise<Curves> {
  const [loss, validation] = await Promise.all(
    curveKinds.map((kind) => readRows(join(folder, curveFiles[kind].name))),
  );
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
