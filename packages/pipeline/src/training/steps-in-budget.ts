import { reconstructedSize, shrink, type TaskOptions } from '@ddad/detector';
import { readTrainingState } from '../checkpoint/training-state.js';
import type { Workspace } from '../checkpoint/workspace.js';
import type { Config } from '../config/schema.js';
import type { TrainingImages } from '../data/training-images.js';
import { secondsPerStep } from './seconds-per-step.js';

/** Of the budget, what is kept for scales, weights and threshold afterwards: a share, and seconds at most. */
const reserve = { share: 0.2, seconds: 90 };

/** A training of fewer is not worth its while. */
const fewest = 50;

/** The most, where `training.steps` does not say. */
const mostByDefault = 10_000;

/**
 * The configuration with a number of training steps in the place of `training.budget`: that of the training saved in
 * the folder, else as many as fit into what is left of the budget, by the time that a few steps of another network of
 * the same kind take, and at most `training.steps`. One without a budget comes back as it is.
 *
 * @param options.isNew take no notice of a saved training
 */
export async function withSteps(
  { config, folder, began }: Pick<Workspace, 'config' | 'folder' | 'began'>,
  {
    images,
    isNew,
    onNotice,
    signal,
  }: Pick<TaskOptions, 'onNotice' | 'signal'> & { images: TrainingImages; isNew: boolean },
): Promise<Config> {
  const { budget } = config.training;
  if (budget === null) return config;
  const withCount = (steps: number): Config => ({
    ...config,
    training: { ...config.training, steps, budget: null },
  });
  const saved = isNew ? undefined : await readTrainingState(folder);
  const before = saved?.settings['training.steps'];
  if (typeof before === 'number') {
    const { steps } = config.training;
    if (steps !== null && steps !== before) {
      onNotice?.(
        `training ${before} steps, as it was begun in ${folder}, whatever the budget and training.steps ${steps} allow now (option overwrite begins anew)`,
      );
    }
    return withCount(before);
  }
  const size = reconstructedSize(config);
  const few = images.training
    .slice(0, config.training.batchSize)
    .map((image) => shrink(image, { from: config.data.imageSize, to: size }));
  const seconds = await secondsPerStep(config, few, { timed: 3, signal });
  const left =
    budget - (performance.now() - began) / 1000 - Math.min(reserve.share * budget, reserve.seconds);
  const most = config.training.steps ?? mostByDefault;
  const fitting = Math.max(Math.floor(left / seconds / 10) * 10, fewest);
  const steps = Math.min(fitting, most);
  onNotice?.(
    `training ${steps} steps of ${seconds.toPrecision(2)} s, ` +
      (steps < fitting
        ? `the most by training.steps: about ${Math.round(steps * seconds)} s, the budget of ${budget} s has time for ${fitting}`
        : `which fit into the budget of ${budget} s`),
  );
  return withCount(steps);
}
