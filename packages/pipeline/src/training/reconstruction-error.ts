import { reconstructedSize, reconstructionSettings, shrink, toTensor } from '@ddad/detector';
import { createReconstructor, type UNet } from '@ddad/diffusion';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/schema.js';

/**
 * Mean absolute difference between images and their reconstructions, both in [-1, 1]. On good images that were not
 * trained on it falls while the UNet learns and rises again when it learns the training images by heart.
 *
 * @param images resized, interleaved bytes, at least 1
 */
export async function reconstructionError(
  unet: UNet,
  images: readonly Uint8Array[],
  { config, signal }: { config: Config; signal?: AbortSignal },
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
        const errors = tf.tidy(() => tf.mean(tf.abs(tf.sub(reconstruction, x)), [1, 2, 3]));
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
