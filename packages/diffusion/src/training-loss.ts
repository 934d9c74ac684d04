import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import type { Schedule } from './linear-schedule.js';
import { noisePerOutput, predictNoise } from './predict-noise.js';
import type { UNet } from './unet.js';

export interface TrainingLossOptions {
  /** Time step of each image, 0..T-1. */
  t: readonly number[] | ArrayLike<number>;
  /** Standard normal, the shape of `x0`. */
  noise: tf.Tensor4D;
  schedule: Schedule;
  /** See {@link UNet.forward}. */
  dropoutMasks?: readonly tf.Tensor[];
}

/**
 * The simple loss of DDPM (Ho et al. 2020, eq. 14): squared error of the predicted noise, summed over h, w, c and
 * averaged over the batch.
 *
 * @param x0 [n, h, w, c] in [-1, 1]
 */
export function trainingLoss(unet: UNet, x0: tf.Tensor4D, options: TrainingLossOptions): tf.Scalar {
  checkOptions('trainingLoss', options, { t: true, noise: true, schedule: true, dropoutMasks: true });
  const { t, noise, schedule, dropoutMasks } = options;
  const steps = Array.from(t);
  if (steps.length !== x0.shape[0]) {
    throw new Error(`trainingLoss: needs ${x0.shape[0]} time steps, one per image, got ${steps.length}`);
  }
  return tf.tidy(() => {
    const { signal, sigma } = noiseLevels(steps, schedule);
    return noisePredictionLoss(unet, x0, {
      t: tf.tensor1d(steps, 'float32'),
      signal: tf.tensor4d(signal, [steps.length, 1, 1, 1]),
      sigma: tf.tensor4d(sigma, [steps.length, 1, 1, 1]),
      noise,
      dropoutMasks,
    });
  });
}

/** `sqrt(alphaBar[t])` and `sqrt(1 - alphaBar[t])` of each time step. */
export function noiseLevels(t: readonly number[], schedule: Schedule) {
  const alphaBars = t.map((step) => schedule.alphaBar(step));
  return {
    signal: Float32Array.from(alphaBars, Math.sqrt),
    sigma: Float32Array.from(alphaBars, (a) => Math.sqrt(1 - a)),
  };
}

/** The loss with everything that changes from step to step as tensors, for use inside `compile`. */
export function noisePredictionLoss(
  unet: UNet,
  x0: tf.Tensor4D,
  {
    t,
    signal,
    sigma,
    noise,
    counts,
    dropoutMasks,
  }: {
    t: tf.Tensor1D;
    signal: tf.Tensor4D;
    sigma: tf.Tensor4D;
    noise: tf.Tensor4D;
    /** [n, h, w, 1], 1 where the error counts and 0 elsewhere. @default everywhere */
    counts?: tf.Tensor4D;
    dropoutMasks?: readonly tf.Tensor[];
  },
): tf.Scalar {
  const xt: tf.Tensor4D = tf.add(tf.mul(x0, signal), tf.mul(noise, sigma));
  const error = tf.sub(noise, predictNoise(unet, xt, { t, signal, sigma, dropoutMasks }));
  const scale = noisePerOutput(unet, { signal, sigma });
  const scaled = scale ? tf.div(error, scale) : error;
  const weighted = counts ? tf.mul(scaled, counts) : scaled;
  return tf.div(tf.sum(tf.square(weighted)), x0.shape[0]);
}
