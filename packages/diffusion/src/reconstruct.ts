import type * as tf from '@tensorflow/tfjs';
import { createReconstructor, type ReconstructOptions, type Reconstructor } from './create-reconstructor.js';
import type { UNet } from './unet.js';

const reconstructors = new WeakMap<UNet, Reconstructor>();

/**
 * The defect-free version of `x` (DDAD, arXiv 2305.15956, Algorithm 1 in DDIM form): noises `x` up to step
 * `start`, then denoises it while pulling it towards `target`.
 *
 * The compiled step is kept with the UNet for the next call, until `unet.dispose()`; use
 * {@link createReconstructor} to own it.
 *
 * @param x [n, h, w, c] in [-1, 1]
 * @returns [n, h, w, c], about [-1, 1], not clipped; the caller disposes it
 */
export async function reconstruct(
  unet: UNet,
  x: tf.Tensor4D,
  options: ReconstructOptions,
): Promise<tf.Tensor4D> {
  let reconstructor = reconstructors.get(unet);
  if (!reconstructor) {
    const created = createReconstructor(unet);
    reconstructors.set(unet, created);
    unet.onDispose(() => created.dispose());
    reconstructor = created;
  }
  return reconstructor(x, options);
}
