import { UserError } from '@ddad/detector';
import type { AdaptationSnapshot } from '@ddad/features';
import { z } from 'zod';
import { differences, type Identity } from './identity.js';
import { readStateFacts, readStateFile, writeStateFile } from './state-file.js';

const name = 'adaptation';
const natural = z.number().int().nonnegative();

const schema = z.object({
  format: z.literal('ddad-adaptation-state'),
  version: z.literal(1),
  /** Settings that must not change between the parts of one adaptation. */
  settings: z.record(z.string(), z.unknown()),
  /** Hash of the UNet's weights it adapts to. */
  unet: z.string(),
  /** Hash of the images and of what counts of them; absent in states of before it was kept. */
  images: z.string().optional(),
  step: natural,
  /** Epochs done: that of the weights file to use. */
  epoch: natural,
});

/** What an adaptation belongs to. */
export interface AdaptationIdentity {
  settings: Identity;
  /** Hash of the UNet's weights. */
  unet: string;
  /** Hash of the images and of what counts of them; undefined where it was not kept. */
  images?: string;
}

/** An adaptation saved on disk. */
export interface SavedAdaptation {
  snapshot: AdaptationSnapshot;
  /** {@link AdaptationIdentity.images} when it was saved. */
  images?: string;
}

/** Writes the state of an adaptation after an epoch, or before the first: then there is nothing but its position. */
export async function writeAdaptationState(
  folder: string,
  snapshot: AdaptationSnapshot | undefined,
  { settings, unet, images }: AdaptationIdentity,
): Promise<void> {
  const { backbone = new Map(), optimizer = new Map(), progress = { step: 0, epoch: 0 } } = snapshot ?? {};
  await writeStateFile(folder, name, {
    groups: { backbone, optimizer },
    state: { format: 'ddad-adaptation-state', version: 1, settings, unet, images, ...progress },
  });
}

/**
 * Reads what {@link writeAdaptationState} wrote: where there is no epoch to go on from, or it was adapted to another
 * UNet, nothing. It may have begun on other images, as a training that is resumed.
 *
 * @throws {UserError} it is damaged, or was made with other settings
 */
export async function readAdaptationState(
  folder: string,
  { settings, unet }: AdaptationIdentity,
): Promise<SavedAdaptation | undefined> {
  const saved = await readStateFile(folder, name, {
    schema,
    remedy: 'adapt anew, without the option resume',
  });
  if (!saved || saved.state.unet !== unet || saved.state.epoch === 0) return undefined;
  const others = differences(saved.state.settings, settings);
  if (others.length) {
    throw new UserError(`the adaptation saved in ${folder} has other settings: ${others.join(', ')}`, {
      code: 'training',
      remedy: 'use its configuration, or adapt without the option resume',
    });
  }
  const { backbone = new Map(), optimizer = new Map() } = saved.groups;
  const { step, epoch, images } = saved.state;
  return { snapshot: { backbone, optimizer, progress: { step, epoch } }, images };
}

/** The epoch of the weights that the adaptation in `folder` wrote last; undefined where none is known. */
export async function adaptedEpoch(folder: string): Promise<number | undefined> {
  const remedy = 'name an epoch by checkpoint.features, or adapt anew';
  return (await readStateFacts(folder, name, { schema, remedy }))?.epoch;
}
