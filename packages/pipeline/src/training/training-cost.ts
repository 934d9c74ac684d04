import { UserError, unetArchitecture } from '@ddad/detector';
import { resolveUNetOptions } from '@ddad/diffusion';
import type { Config } from '../config/schema.js';
import { type UNetCost, unetCost } from './unet-cost.js';

/** Seconds of a training step for a thousand million multiply-adds forward, on a CPU with two cores (bench/engine). */
const secondsPerGiga = 0.025;

/** Bytes that the program takes before it does anything. */
export const programMemory = 300e6;

/** Peak memory of a training as measured, beside the program: so many times what the network's numbers take. */
const memory = { perActivation: 3.7, perParameter: 17 };

/** What a training will take, in steps and in rough time on a small CPU. */
export interface TrainingCost {
  steps: number;
  stepsPerEpoch: number;
  /** Images per step. */
  batchSize: number;
  /** On two CPU cores. A guess by the size of the network; the progress bar measures. */
  seconds: number;
  /** Bytes at the peak, within a fifth. */
  memory: number;
  /** Bytes of the weights and the state to resume from. */
  disk: number;
}

/**
 * The cost of training on `images` images.
 *
 * @param images good images trained on, at least 1
 * @throws {UserError} sizes that cannot be built
 */
export function trainingCost(config: Config, images: number): TrainingCost {
  const { training } = config;
  const batchSize = Math.min(training.batchSize, images);
  const stepsPerEpoch = Math.floor(images / batchSize);
  const { parameters, multiplyAdds, activations } = costOfUNet(config);
  const perStep = (multiplyAdds * batchSize * secondsPerGiga) / 1e9;
  const asked = training.steps ?? (training.epochs === null ? Infinity : training.epochs * stepsPerEpoch);
  const steps = training.budget === null ? asked : Math.min(Math.round(training.budget / perStep), asked);
  const together = Math.min(training.microBatchSize ?? batchSize, batchSize);
  const files =
    1 + (training.saveEvery && training.epochs ? Math.floor(training.epochs / training.saveEvery) : 0);
  return {
    steps,
    stepsPerEpoch,
    batchSize,
    seconds: steps * perStep,
    memory:
      programMemory + 4 * (memory.perActivation * activations * together + memory.perParameter * parameters),
    // weights; and weights, two moments of Adam and a copy
    disk: 4 * parameters * (files + 4),
  };
}

function costOfUNet(config: Config): UNetCost {
  const { channelMultipliers, ...architecture } = unetArchitecture(config);
  try {
    return unetCost(
      resolveUNetOptions({ ...architecture, ...(channelMultipliers && { channelMultipliers }) }),
    );
  } catch (error) {
    throw new UserError((error as Error).message, {
      code: 'config',
      remedy: 'choose another data.imageSize, such as 64, 128 or 256',
      cause: error,
    });
  }
}

/** One line about the cost of a long training, with the way out; undefined if it is short. */
export function costNotice(config: Config, images: number): string | undefined {
  if (config.training.budget !== null) return undefined;
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
