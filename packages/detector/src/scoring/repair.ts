import { createReconstructor, type ReconstructOptions, type UNet } from '@ddad/diffusion';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config.js';
import { reconstructedSize } from '../networks/unet.js';

/** Reconstructs images of `data.imageSize` with a UNet of `model.imageSize`. */
export interface Repairer {
  /**
   * @param x [n, h, w, c] in [-1, 1], at `data.imageSize`
   * @returns of the same shape; the caller disposes it
   */
  (x: tf.Tensor4D, options: ReconstructOptions): Promise<tf.Tensor4D>;
  /** Releases what was compiled. */
  dispose(): void;
}

/**
 * The defect-free version of images: the UNet's reconstruction where it works at their size; where it works at a smaller
 * one, the image plus what the reconstruction changes of the smaller image, resized bilinearly, so that features of
 * image and reconstruction differ where something was changed and nowhere else.
 */
export function createRepairer(unet: UNet, config: Config): Repairer {
  const reconstruct = createReconstructor(unet);
  const size = reconstructedSize(config);
  const { imageSize } = config.data;
  const run =
    size === imageSize
      ? reconstruct
      : async (x: tf.Tensor4D, { target, ...options }: ReconstructOptions) => {
          const isSame = target === x;
          const small = shrinkTensor(x, imageSize / size);
          const smallTarget = isSame ? small : shrinkTensor(target, imageSize / size);
          try {
            const reconstruction = await reconstruct(small, { target: smallTarget, ...options });
            try {
              return tf.tidy(() => {
                const change = tf.sub(reconstruction, small) as tf.Tensor4D;
                const resized = tf.image.resizeBilinear(change, [imageSize, imageSize], false, true);
                return tf.clipByValue(tf.add(x, resized), -1, 1) as tf.Tensor4D;
              });
            } finally {
              reconstruction.dispose();
            }
          } finally {
            tf.dispose([small, smallTarget]);
          }
        };
  return Object.assign((x: tf.Tensor4D, options: ReconstructOptions) => run(x, options), {
    dispose: () => reconstruct.dispose(),
  });
}

function shrinkTensor(x: tf.Tensor4D, factor: number): tf.Tensor4D {
  return tf.avgPool(x, factor, factor, 'valid');
}
