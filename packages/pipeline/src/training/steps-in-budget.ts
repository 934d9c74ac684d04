import { buildSchedule, buildUNet, reconstructedSize, shrink, type TaskOptions } from '@ddad/detector';
import { trainUNet } from '@ddad/diffusion';
import { adam } from '@ddad/nn';
import { readTrainingState } from '../checkpoint/training-state.js';
import type { Workspace } from '../checkpoint/workspace.js';
import type { Config } from '../config/schema.js';
import { epochBatches } from '../data/training-batches.js';
import type { TrainingImages } from '../data/training-images.js';

/** Of the budget, what is kept for scales, weights and threshold afterwards: a share, and seconds at most. */
const reserve = { share: 0.2, seconds: 90 };

/** Steps that are timed, after one that is not. */
const timed = 3;

/** A training of fewer is not worth its while, of more no better. */
const [fewest, most] = [50, 10_000];

/**
 * The configuration with a number of training steps in the place of `training.budget`: that of the training saved in
 * the folder, else as many as fit into what is left of the budget, by the time that a few steps of another network of
 * the same kind take. One without a budget comes back as it is.
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
  if (typeof before === 'number') return withCount(before);
  const seconds = await secondsPerStep(config, images, signal);
  const left =
    budget - (performance.now() - began) / 1000 - Math.min(reserve.share * budget, reserve.seconds);
  const steps = Math.min(Math.max(Math.floor(left / seconds / 10) * 10, fewest), most);
  onNotice?.(
    `training ${steps} steps of ${seconds.toPrecision(2)} s, which fit into the budget of ${Math.round(budget)} s`,
  );
  return withCount(steps);
}

async function secondsPerStep(config: Config, images: TrainingImages, signal?: AbortSignal): Promise<number> {
  const unet = await buildUNet(config);
  const size = reconstructedSize(config);
  const { batchSize, microBatchSize, learningRate } = config.training;
  const few = images.training
    .slice(0, batchSize)
    .map((image) => shrink(image, { from: config.data.imageSize, to: size }));
  let first = 0;
  let last = 0;
  try {
    await trainUNet({
      unet,
      batches: epochBatches(few, { config, size, batchSize }),
      schedule: buildSchedule(config),
      steps: 1 + timed,
      optimizer: adam({ learningRate }),
      microBatchSize: microBatchSize ?? undefined,
      seed: config.seed,
      signal,
      onProgress: ({ step }) => {
        if (step === 1) first = performance.now();
        last = performance.now();
      },
    });
  } finally {
    unet.dispose();
  }
  return (last - first) / 1000 / timed;
}
