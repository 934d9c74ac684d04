import { readdir } from 'node:fs/promises';
import { UserError } from '@ddad/detector';
import { differences } from './identity.js';
import { readTrainingState, type SavedTraining, type TrainingIdentity } from './training-state.js';

const remedy = 'option overwrite replaces it, or choose another folder (output.checkpoints)';

/**
 * The training in `folder` to go on from: undefined where there is none. One that would end otherwise than the one
 * asked for is neither continued nor replaced.
 *
 * @param options.resume also continue on other images, and take weights without a state for nothing
 * @throws {UserError} another training is there, or a damaged one; the message says how it differs
 */
export async function findTraining(
  folder: string,
  { settings, images, resume }: TrainingIdentity & { resume: boolean },
): Promise<SavedTraining | undefined> {
  const saved = await readTrainingState(folder);
  if (!saved) {
    const weights = (await readdir(folder)).find((name) => /^unet-\d+\.safetensors$/.test(name));
    if (weights === undefined || resume) return undefined;
    throw new UserError(`${folder} holds ${weights} and no state to continue from`, {
      code: 'training',
      remedy,
    });
  }
  const others = differences(saved.settings, settings);
  if (others.length) {
    throw new UserError(`the training saved in ${folder} has other settings: ${others.join(', ')}`, {
      code: 'training',
      remedy: resume ? 'use its configuration, or another output folder' : remedy,
    });
  }
  if (!resume && saved.images !== undefined && saved.images !== images) {
    throw new UserError(`the training saved in ${folder} began on other images`, {
      code: 'training',
      remedy: `option resume continues it on these, ${remedy}`,
    });
  }
  return saved;
}
