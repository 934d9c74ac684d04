import type { Config } from '../config/schema.js';

/**
 * Seconds of one image's training step of the paper's network (64 channels, 256 x 256) on a CPU with two cores;
 * measured by bench/engine.
 */
const secondsPerImage = 1.65;

/** What a training will take, in steps and in rough time on a small CPU. */
export interface TrainingCost {
  steps: number;
  stepsPerEpoch: number;
  /** Images per step. */
  batchSize: number;
  /** On two CPU cores. A guess by the size of images and channels; the progress bar measures. */
  seconds: number;
}

/**
 * The cost of training on `images` images.
 *
 * @param images good images trained on, at least 1
 */
export function trainingCost({ model, data, training }: Config, images: number): TrainingCost {
  const batchSize = Math.min(training.batchSize, images);
  const stepsPerEpoch = Math.floor(images / batchSize);
  const steps = training.steps ?? (training.epochs ?? 0) * stepsPerEpoch;
  const scale = (model.baseChannels / 64) ** 2 * (data.imageSize / 256) ** 2;
  return { steps, stepsPerEpoch, batchSize, seconds: steps * batchSize * secondsPerImage * scale };
}

/** One line about the cost of a long training, with the way out; undefined if it is short. */
export function costNotice(config: Config, images: number): string | undefined {
  const { steps, batchSize, seconds } = trainingCost(config, images);
  if (seconds < 2 * 3600) return undefined;
  const hours = seconds / 3600;
  const time = hours < 48 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`;
  return (
    `preset ${config.preset} trains ${steps} steps of ${batchSize} images of ` +
    `${config.data.imageSize}x${config.data.imageSize}: about ${time} on a 2-core CPU, far less on a GPU; ` +
    'preset small finishes within an hour'
  );
}
