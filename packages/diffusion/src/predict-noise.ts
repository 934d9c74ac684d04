import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import type { GaussianModel } from './gaussian-model.js';
import type { UNet } from './unet.js';

export interface PredictNoiseOptions {
  /** Time step of each image, [n]. */
  t: tf.Tensor1D;
  /** `sqrt(alphaBar_t)`, a scalar or one of each image, [n, 1, 1, 1]. */
  signal: tf.Tensor;
  /** `sqrt(1 - alphaBar_t)`, likewise. */
  sigma: tf.Tensor;
  /** See {@link UNet.forward}. */
  dropoutMasks?: readonly tf.Tensor[];
}

/**
 * epsilon_theta(x_t, t), the noise in `xt`. Without a Gaussian model it is the network's output.
 *
 * With one, the network only adds what the model does not know. For pictures distributed as N(mean, Sigma), Sigma =
 * U diag(variances) U' + residual (1 - U U'), the mean of x_0 given x_t is, with s = signal and y = x_t - s mean,
 *
 *     mean + s Sigma (s^2 Sigma + sigma^2)^-1 y
 *
 * a gain along each component and one across them. The network has the part of y that the model does not explain, over
 * its standard deviation, and the model's own prediction as input, and gives the error of the latter in units of its
 * standard deviation across the components (as in Karras et al. 2022, arXiv 2206.00364, table 1, whose preconditioning
 * is the model without components): a network that says nothing leaves the model's prediction.
 *
 * @param xt [n, h, w, c]
 * @returns [n, h, w, c]
 */
export function predictNoise(unet: UNet, xt: tf.Tensor4D, options: PredictNoiseOptions): tf.Tensor4D {
  checkOptions('predictNoise', options, { t: true, signal: true, sigma: true, dropoutMasks: true });
  const { t, signal, sigma, dropoutMasks } = options;
  const { gaussian } = unet;
  if (!gaussian) return unet.forward(xt, t, { dropoutMasks });
  return tf.tidy(() => {
    const [n, h, w, c] = xt.shape;
    const rows = (image: tf.Tensor) => tf.reshape(image, [-1, h * w * c]) as tf.Tensor2D;
    const image = (values: tf.Tensor) => tf.reshape(values, [n, h, w, c]) as tf.Tensor4D;
    const s = tf.reshape(signal, [-1, 1]);
    const noise = tf.reshape(sigma, [-1, 1]);
    const y = tf.sub(rows(xt), tf.mul(rows(gaussian.mean), s)) as tf.Tensor2D;
    const level = tf.sqrt(tf.add(tf.mul(tf.square(s), gaussian.residual), tf.square(noise)));

    const linear = conditionalMean(gaussian, y, { s, noise });
    const unexplained = tf.div(tf.sub(y, tf.mul(linear, s)), level);
    const pixelVariance = tf.add(gaussian.residual, tf.div(tf.sum(gaussian.variances), h * w * c));
    const input = tf.concat([image(unexplained), image(tf.div(linear, tf.sqrt(pixelVariance)))], 3);
    const output = rows(unet.forward(input as tf.Tensor4D, t, { dropoutMasks }));

    const std = tf.div(tf.mul(noise, tf.sqrt(gaussian.residual)), level);
    const x0 = tf.add(linear, tf.mul(output, std));
    return image(tf.div(tf.sub(y, tf.mul(x0, s)), noise));
  });
}

/** E[x_0 - mean | y], rows of [n, d]. */
function conditionalMean(
  { components, variances, residual }: GaussianModel,
  y: tf.Tensor2D,
  { s, noise }: { s: tf.Tensor; noise: tf.Tensor },
): tf.Tensor2D {
  const gain = (variance: tf.Tensor) =>
    tf.div(tf.mul(variance, s), tf.add(tf.mul(variance, tf.square(s)), tf.square(noise)));
  const across = gain(residual);
  const along = gain(tf.reshape(variances, [1, -1]));
  const coordinates = tf.mul(tf.matMul(y, components, false, true), tf.sub(along, across));
  return tf.add(tf.mul(y, across), tf.matMul(coordinates as tf.Tensor2D, components));
}

/**
 * What an error of {@link predictNoise} is over one of the network's output, per image: the loss is taken of the latter,
 * which weighs all noise levels alike. Without a Gaussian model they are the same: undefined.
 */
export function noisePerOutput(
  unet: UNet,
  { signal, sigma }: Pick<PredictNoiseOptions, 'signal' | 'sigma'>,
): tf.Tensor | undefined {
  if (!unet.gaussian) return undefined;
  const explained = tf.mul(tf.square(signal), unet.gaussian.residual);
  return tf.sqrt(tf.div(explained, tf.add(explained, tf.square(sigma))));
}
