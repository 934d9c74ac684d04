import type { TrainingSnapshot } from '@ddad/diffusion';
import { z } from 'zod';
import type { Identity } from './identity.js';
import { readStateFacts, readStateFile, writeStateFile } from './state-file.js';

const name = 'state';
const natural = z.number().int().nonnegative();

const schema = z.object({
  format: z.literal('ddad-training-state'),
  version: z.literal(1),
  /** Settings that must not change between the parts of one training. */
  settings: z.record(z.string(), z.unknown()),
  /** Hash of the images trained on; absent in states of before it was kept. */
  images: z.string().optional(),
  step: natural,
  epoch: natural,
  batch: natural,
  seed: natural,
  /** Epoch of the weights file to use, the latest this training wrote; null while it has written none. */
  current: natural.nullable(),
  validation: z
    .object({
      step: natural,
      stale: natural,
      best: z.object({ step: natural, epoch: natural, error: z.number() }),
    })
    .nullable(),
});

/** What a training is: with the same of it another one would end with the same bytes. */
export interface TrainingIdentity {
  settings: Identity;
  /** Hash of the images trained on; undefined where it was not kept. */
  images?: string;
}

/** A training saved on disk. */
export interface SavedTraining {
  snapshot: TrainingSnapshot;
  /** Epoch of the weights file to use; null while there is none. */
  current: number | null;
}

/** Writes the state of a training. */
export async function writeTrainingState(
  folder: string,
  { snapshot, current }: SavedTraining,
  { settings, images }: TrainingIdentity,
): Promise<void> {
  const { unet, optimizer, average, validation, progress } = snapshot;
  const { weights, ...best } = validation?.best ?? {};
  await writeStateFile(folder, name, {
    groups: { unet, optimizer, ...(average && { average }), ...(weights && { best: weights }) },
    state: {
      format: 'ddad-training-state',
      version: 1,
      settings,
      images,
      ...progress,
      current,
      validation: validation ? { ...validation, best } : null,
    },
  });
}

/**
 * Reads what {@link writeTrainingState} wrote; undefined where there is none.
 *
 * @throws {UserError} it is damaged
 */
export async function readTrainingState(
  folder: string,
): Promise<(SavedTraining & TrainingIdentity) | undefined> {
  const saved = await readStateFile(folder, name, { schema, remedy: 'option overwrite trains anew' });
  if (!saved) return undefined;
  const { unet = new Map(), optimizer = new Map(), average, best: weights } = saved.groups;
  const { settings, images, step, epoch, batch, seed, validation, current } = saved.state;
  const snapshot: TrainingSnapshot = { unet, optimizer, progress: { step, epoch, batch, seed } };
  if (average) snapshot.average = average;
  if (validation)
    snapshot.validation = { ...validation, best: { ...validation.best, ...(weights && { weights }) } };
  return { snapshot, current, settings, images };
}

/** The epoch of the weights that the training in `folder` wrote last; undefined where none is known. */
export async function trainedEpoch(folder: string): Promise<number | undefined> {
  const remedy = 'name an epoch by checkpoint.unet, or train anew';
  return (await readStateFacts(folder, name, { schema, remedy }))?.current ?? undefined;
}
