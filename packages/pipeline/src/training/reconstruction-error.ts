import { reconstructedSize, reconstructionSettings, shrink, toTensor } from '@ddad/detector';
import { createReconstructor, type UNet } from '@ddad/diffusion';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/schema.js';

/**
 * Mean absolute difference between images and their reconstructions, both in [-1, 1], where they count. On good images that were not
 * trained on it falls while the UNet learns and rises again when it learns the training images by heart.
 *
 * @param images resized, interleaved bytes, at least 1
 * @param options.masks of each image 1 where it counts, 0 elsewhere, at the UNet's size; undefined for all of it
 */
export async function reconstructionError(
  unet: UNet,
  images: readonly Uint8Array[],
  {
    config,
    masks,
    signal,
  }: { config: Config; masks?: readonly (Uint8Array | undefined)[]; signal?: AbortSignal },
): Promise<number> {
  const { imageSize, channels } = config.data;
  const side = reconstructedSize(config);
  const settings = reconstructionSettings(config);
  // Every batch has the same size, the last one padded, so that one compiled graph serves all.
  const size = Math.ceil(images.length / Math.ceil(images.length / config.scoring.batchSize));
  const reconstruct = createReconstructor(unet);
  let sum = 0;
  try {
    for (let at = 0; at < images.length; at += size) {
      const batch = images.slice(at, at + size).map((image) => shrink(image, { from: imageSize, to: side }));
      const padding = new Array<Uint8Array>(size - batch.length).fill(batch[0]);
      const x = toTensor([...batch, ...padding], side, channels);
      const made: tf.Tensor[] = [x];
      try {
        const reconstruction = await reconstruct(x, { target: x, ...settings, signal });
        made.push(reconstruction);
        const counted = masks?.slice(at, at + size);
        const errors = tf.tidy(() => {
          const difference = tf.abs(tf.sub(reconstruction, x));
          if (!counted) return tf.mean(difference, [1, 2, 3]);
          const weights = countsOf(counted, [size, side]);
          const area = tf.mul(tf.sum(weights, [1, 2, 3]), channels);
          return tf.div(tf.sum(tf.mul(difference, weights), [1, 2, 3]), area);
        });
        made.push(errors);
        for (const error of Array.from(await errors.data()).slice(0, batch.length)) sum += error;
      } finally {
        tf.dispose(made);
      }
    }
    return sum / images.length;
  } finally {
    reconstruct.dispose();
  }
}

/** Masks as [n, side, side, 1], 1 where there is none. */
function countsOf(
  masks: readonly (Uint8Array | undefined)[],
  [n, side]: readonly [number, number],
): tf.Tensor4D {
  const counts = new Float32Array(n * side * side).fill(1);
  for (const [i, mask] of masks.entries()) if (mask) counts.set(mask, i * side * side);
  return tf.tensor4d(counts, [n, side, side, 1]);
}
