import { setImmediate } from 'node:timers/promises';
import { type AugmentOptions, augment, batches } from '@ddad/datasets';
import { toTensor } from '@ddad/detector';
import type * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/schema.js';

/**
 * The batches of each epoch, shuffled by (seed, epoch), the last partial one dropped. With fewer images than a
 * batch the batch shrinks to them.
 *
 * @param images interleaved bytes of `size` pixels squared
 * @param options.size default: `data.imageSize`
 * @param options.augmentation changes each image anew in each epoch, by (seed, epoch, image); default: none
 */
export function epochBatches(
  images: readonly Uint8Array[],
  {
    config,
    size: side = config.data.imageSize,
    batchSize,
    augmentation = {},
  }: { config: Config; size?: number; batchSize: number; augmentation?: Omit<AugmentOptions, 'key'> },
): (epoch: number) => AsyncGenerator<tf.Tensor4D> {
  const { channels } = config.data;
  const { seed } = config;
  const size = Math.min(batchSize, images.length);
  const isOn = Object.values(augmentation).some(Boolean);
  const image = (epoch: number, i: number) => {
    const pixels = { data: images[i], width: side, height: side, channels };
    return isOn ? augment(pixels, { ...augmentation, key: [seed, epoch, i] }).data : pixels.data;
  };
  return async function* (epoch) {
    for (const batch of batches([...images.keys()], { batchSize: size, seed, epoch, dropLast: true })) {
      // The engine blocks the event loop while it computes: let Ctrl-C in between steps.
      await setImmediate();
      yield toTensor(
        batch.map((i) => image(epoch, i)),
        side,
        channels,
      );
    }
  };
}
