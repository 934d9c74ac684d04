import * as tf from '@tensorflow/tfjs';
import { predictNoise } from './predict-noise.js';
import type { UNet } from './unet.js';

/** `sqrt(alphaBar)`, `sqrt(1 - alphaBar)`, w, `sqrt(nextAlphaBar)`, c1, c2 of a step. */
export type DenoisingScalars<T = tf.Tensor> = [T, T, T, T, T, T];

export interface DenoiseInputs {
  xt: tf.Tensor4D;
  target: tf.Tensor4D;
  n: tf.Tensor4D;
  t: tf.Tensor1D;
  scalars: DenoisingScalars;
}

/**
 * Step 2 of Algorithm 1 of DDAD (arXiv 2305.15956) in the form of DDIM (Song et al. 2021, eq. 12 and 16): x_{t-1} of x_t.
 * Ops alone, so that it can be compiled.
 *
 * | here                   | paper                                |                                                        |
 * | ---------------------- | ------------------------------------ | ------------------------------------------------------ |
 * | x, target              | x, y                                 | images [n, h, w, c]; the same at test time             |
 * | w                      | w                                    | strength of the conditioning                           |
 * | start                  | T'                                   | noise level to start from                              |
 * | t, tNext               | t, t-1                               | time step, and the next one visited; -1 after the last |
 * | alphaBar, nextAlphaBar | alphaBar_t, alphaBar_{t-1}           | what is left of the image; 1 at t = -1                 |
 * | xt, xNext              | x_t, x_{t-1}                         |                                                        |
 * | e                      | epsilon_theta(x_t, t)                | noise the network sees                                 |
 * | yt                     | y_t                                  | target with that noise                                 |
 * | eHat                   | hat epsilon                          | noise after the pull towards the target                |
 * | x0                     | f_theta(x_t)                         | clean image predicted                                  |
 * | n                      | epsilon_t                            | fresh standard normal noise, drawn also where c1 is 0  |
 * | eta                    | eta                                  | 1 as DDPM, 0 deterministic                             |
 * | c1                     | sigma_t                              | weight of n                                            |
 * | c2                     | sqrt(1 - alphaBar_{t-1} - sigma_t^2) | weight of eHat                                         |
 */
export function denoise(unet: UNet, { xt, target, n, t, scalars }: DenoiseInputs): tf.Tensor4D {
  const [sqrtAlphaBar, sqrtOneMinusAlphaBar, w, sqrtNextAlphaBar, c1, c2] = scalars;
  // 2.1 epsilon_theta(x_t, t)
  const e = predictNoise(unet, xt, { t, signal: sqrtAlphaBar, sigma: sqrtOneMinusAlphaBar });
  // 2.2 y_t = sqrt(alphaBar_t) y + sqrt(1 - alphaBar_t) epsilon_theta
  const yt = tf.add(tf.mul(target, sqrtAlphaBar), tf.mul(e, sqrtOneMinusAlphaBar));
  // 2.3 hat epsilon = epsilon_theta - sqrt(1 - alphaBar_t) w (y_t - x_t)
  const eHat = tf.sub(e, tf.mul(tf.sub(yt, xt), tf.mul(sqrtOneMinusAlphaBar, w)));
  // 2.4 f_theta = (x_t - sqrt(1 - alphaBar_t) hat epsilon) / sqrt(alphaBar_t)
  const x0 = tf.div(tf.sub(xt, tf.mul(eHat, sqrtOneMinusAlphaBar)), sqrtAlphaBar);
  // 2.5 x_{t-1} = sqrt(alphaBar_{t-1}) f_theta + c1 n + c2 hat epsilon
  const xNext = tf.add(tf.add(tf.mul(x0, sqrtNextAlphaBar), tf.mul(n, c1)), tf.mul(eHat, c2));
  return xNext as tf.Tensor4D;
}

/** Step 1 of Algorithm 1: `sqrt(alphaBar) x + sqrt(1 - alphaBar) n`. */
export function addNoise(x: tf.Tensor4D, { alphaBar, n }: { alphaBar: number; n: tf.Tensor }): tf.Tensor4D {
  return tf.add(tf.mul(x, Math.sqrt(alphaBar)), tf.mul(n, Math.sqrt(1 - alphaBar))) as tf.Tensor4D;
}
