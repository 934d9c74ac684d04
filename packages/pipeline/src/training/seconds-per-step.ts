import { buildSchedule, buildUNet, reconstructedSize } from '@ddad/detector';
import { trainUNet } from '@ddad/diffusion';
import { adam } from '@ddad/nn';
import type { Config } from '../config/schema.js';
import { epochBatches } from '../data/training-batches.js';

/**
 * How long a training step of the configuration takes here, in seconds, by that of another network of the same kind.
 *
 * @param batch bytes of the images of a step, of the size that the UNet sees
 * @param options.timed steps that are timed, after one that is not
 */
export async function secondsPerStep(
  config: Config,
  batch: Uint8Array[],
  { timed, signal }: { timed: number; signal?: AbortSignal },
): Promise<number> {
  const unet = await buildUNet(config);
  const { microBatchSize, learningRate } = config.training;
  let first = 0;
  let last = 0;
  try {
    await trainUNet({
      unet,
      batches: epochBatches(batch, { config, size: reconstructedSize(config), batchSize: batch.length }),
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
