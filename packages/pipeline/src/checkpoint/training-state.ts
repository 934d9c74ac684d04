import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingSnapshot } from '@ddad/diffusion';
import { readSafetensors, type StateDict, writeSafetensors } from '@ddad/weights';
import { z } from 'zod';
import { sha256 } from '../io/sha256.js';
import { writeAtomic } from '../io/write-atomic.js';
import { UserError } from '../user-error.js';

const tensorsName = 'state.safetensors';
const positionName = 'state.json';

const stateSchema = z.strictObject({
  format: z.literal('ddad-training-state'),
  version: z.literal(1),
  /** Of the tensors this position belongs to. */
  sha256: z.string(),
  /** Settings that must not change between the parts of one training. */
  settings: z.string(),
  step: z.number().int().nonnegative(),
  epoch: z.number().int().nonnegative(),
  batch: z.number().int().nonnegative(),
  seed: z.number().int().nonnegative(),
});

/** Writes the state of a training: the tensors, then the position, which carries their hash. */
export async function writeTrainingState(
  folder: string,
  { unet, optimizer, progress }: TrainingSnapshot,
  { settings }: { settings: string },
): Promise<void> {
  const tensors: StateDict = new Map();
  for (const [name, tensor] of unet) tensors.set(`unet.${name}`, tensor);
  for (const [name, tensor] of optimizer) tensors.set(`optimizer.${name}`, tensor);
  const bytes = writeSafetensors(tensors);
  const state = { format: 'ddad-training-state', version: 1, sha256: sha256(bytes), settings, ...progress };
  await writeAtomic(join(folder, tensorsName), bytes);
  await writeAtomic(join(folder, positionName), `${JSON.stringify(state, null, 2)}\n`);
}

/**
 * Reads what {@link writeTrainingState} wrote.
 *
 * @throws {UserError} there is none, it is damaged, or it was made with other settings
 */
export async function readTrainingState(
  folder: string,
  { settings }: { settings: string },
): Promise<TrainingSnapshot> {
  let text: string;
  let bytes: Uint8Array;
  try {
    text = await readFile(join(folder, positionName), 'utf8');
    bytes = await readFile(join(folder, tensorsName));
  } catch (error) {
    throw new UserError(`--resume: there is no saved training in ${folder}; train without --resume first`, {
      cause: error,
    });
  }
  const parsed = stateSchema.safeParse(JSON.parse(text));
  if (!parsed.success || parsed.data.sha256 !== sha256(bytes)) {
    throw new UserError(
      `--resume: ${positionName} and ${tensorsName} in ${folder} do not belong together; train anew`,
    );
  }
  const { step, epoch, batch, seed } = parsed.data;
  if (parsed.data.settings !== settings) {
    throw new UserError(
      `--resume: the training saved in ${folder} has other settings (model, data, batch size, learning rate or ` +
        'seed); use its configuration, or another output folder',
    );
  }
  const unet: StateDict = new Map();
  const optimizer: StateDict = new Map();
  for (const [name, tensor] of readSafetensors(bytes)) {
    if (name.startsWith('unet.')) unet.set(name.slice('unet.'.length), tensor);
    else optimizer.set(name.slice('optimizer.'.length), tensor);
  }
  return { unet, optimizer, progress: { step, epoch, batch, seed } };
}
