import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingSnapshot } from '@ddad/diffusion';
import { readSafetensors, readSafetensorsMetadata, type StateDict, writeSafetensors } from '@ddad/weights';
import { z } from 'zod';
import { writeAtomic } from '../io/write-atomic.js';
import { UserError } from '../user-error.js';

const tensorsName = 'state.safetensors';
const positionName = 'state.json';

const stateSchema = z.object({
  format: z.literal('ddad-training-state'),
  version: z.literal(1),
  /** Settings that must not change between the parts of one training. */
  settings: z.string(),
  step: z.number().int().nonnegative(),
  epoch: z.number().int().nonnegative(),
  batch: z.number().int().nonnegative(),
  seed: z.number().int().nonnegative(),
});

/**
 * Writes the state of a training. The position is in the header of the tensors' file, so that one rename makes
 * both of the same moment; `state.json` repeats it for people.
 */
export async function writeTrainingState(
  folder: string,
  { unet, optimizer, progress }: TrainingSnapshot,
  { settings }: { settings: string },
): Promise<void> {
  const tensors: StateDict = new Map();
  for (const [name, tensor] of unet) tensors.set(`unet.${name}`, tensor);
  for (const [name, tensor] of optimizer) tensors.set(`optimizer.${name}`, tensor);
  const state = { format: 'ddad-training-state', version: 1, settings, ...progress };
  await writeAtomic(join(folder, tensorsName), writeSafetensors(tensors, { state: JSON.stringify(state) }));
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
  const path = join(folder, tensorsName);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new UserError(`--resume: there is no saved training in ${folder}; train without --resume first`, {
      cause: error,
    });
  }
  let state: z.infer<typeof stateSchema>;
  const unet: StateDict = new Map();
  const optimizer: StateDict = new Map();
  try {
    state = stateSchema.parse(JSON.parse(readSafetensorsMetadata(bytes).state));
    for (const [name, tensor] of readSafetensors(bytes)) {
      if (name.startsWith('unet.')) unet.set(name.slice('unet.'.length), tensor);
      else optimizer.set(name.slice('optimizer.'.length), tensor);
    }
  } catch (error) {
    throw new UserError(`--resume: ${path} is damaged; train anew`, { cause: error });
  }
  const { step, epoch, batch, seed } = state;
  if (state.settings !== settings) {
    throw new UserError(
      `--resume: the training saved in ${folder} has other settings (model, data, batch size, learning rate or ` +
        'seed); use its configuration, or another output folder',
    );
  }
  return { unet, optimizer, progress: { step, epoch, batch, seed } };
}

/** The epoch the training in `folder` has reached; undefined where no state is. */
export async function trainedEpoch(folder: string): Promise<number | undefined> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(join(folder, positionName), 'utf8'))).epoch;
  } catch {
    return undefined;
  }
}
