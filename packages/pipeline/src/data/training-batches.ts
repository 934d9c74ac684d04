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
 * @param options.masks of each image 1 where it is learnt, 0 elsewhere, `size * size`: batches then have one more channel, 1 and -1
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
    masks,
  }: {
    config: Config;
    size?: number;
    batchSize: number;
    augmentation?: Omit<AugmentOptions, 'key'>;
    masks?: readonly (Uint8Array | undefined)[];
  },
): (epoch: number) => AsyncGenerator<tf.Tensor4D> {
  const channels = config.data.channels + (masks ? 1 : 0);
  const { seed } = config;
  const size = Math.min(batchSize, images.length);
  const isOn = Object.values(augmentation).some(Boolean);
  const image = (epoch: number, i: number) => {
    const data = masks ? withAlpha(images[i], config.data.channels, masks[i]) : images[i];
    const pixels = { data, width: side, height: side, channels };
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

/** An image whose alpha is 255 where the mask is 1: it is turned and mirrored as the image is. */
function withAlpha(image: Uint8Array, channels: number, mask: Uint8Array | undefined): Uint8Array {
  const count = image.length / channels;
  const out = new Uint8Array(count * (channels + 1)).fill(255);
  for (let i = 0; i < count; i++) {
    const to = i * (channels + 1);
    for (let c = 0; c < channels; c++) out[to + c] = image[i * channels + c];
    if (mask?.[i] === 0) out[to + channels] = 0;
  }
  return out;
}
