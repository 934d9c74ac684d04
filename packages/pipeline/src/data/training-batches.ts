import { setImmediate } from 'node:timers/promises';
import { batches } from '@ddad/datasets';
import type * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/schema.js';
import { toTensor } from './to-tensor.js';

/**
 * The batches of each epoch, shuffled by (seed, epoch), the last partial one dropped. With fewer images than a
 * batch the batch shrinks to them.
 *
 * @param images resized, interleaved bytes
 */
export function epochBatches(
  images: readonly Uint8Array[],
  { config, batchSize }: { config: Config; batchSize: number },
): (epoch: number) => AsyncGenerator<tf.Tensor4D> {
  const { imageSize, channels } = config.data;
  const size = Math.min(batchSize, images.length);
  return async function* (epoch) {
    for (const batch of batches(images, { batchSize: size, seed: config.seed, epoch, dropLast: true })) {
      // The engine blocks the event loop while it computes: let Ctrl-C in between steps.
      await setImmediate();
      yield toTensor(batch, imageSize, channels);
    }
  };
}
