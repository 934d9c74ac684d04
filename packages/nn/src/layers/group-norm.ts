import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { ones, zeros } from '../state/initializers.js';
import type { Scope } from '../state/parameters.js';

export interface GroupNormOptions {
  channels: number;
  /** @default 32 */
  groups?: number;
  /** @default 1e-5 */
  epsilon?: number;
}

/** Group normalisation over [n, h, w, channels]. Registers `weight` and `bias`. */
export function groupNorm(scope: Scope, options: GroupNormOptions): (x: tf.Tensor4D) => tf.Tensor4D {
  checkOptions('groupNorm', options, { channels: true, groups: true, epsilon: true });
  const { channels, groups = 32, epsilon = 1e-5 } = options;
  if (channels % groups !== 0) {
    throw new Error(`groupNorm: needs channels divisible by ${groups} groups, got ${channels}`);
  }
  const weight = scope.parameter('weight', [channels], { init: ones }) as tf.Variable<tf.Rank.R1>;
  const bias = scope.parameter('bias', [channels], { init: zeros }) as tf.Variable<tf.Rank.R1>;
  return (x) => normalizeGroups(x, weight, bias, { groups, epsilon });
}

/**
 * Wu & He 2018. Without a gradient, by the backend's kernel where it has one; else statistics are taken per channel first and combined per group, and the gradient is the closed
 * form, so that every large operation is one reduction over h, w or one broadcast of [n, 1, 1, c].
 */
export function normalizeGroups(
  x: tf.Tensor4D,
  weight: tf.Tensor1D,
  bias: tf.Tensor1D,
  { groups, epsilon }: { groups: number; epsilon: number },
): tf.Tensor4D {
  if (!tf.engine().isTapeOn() && tf.getKernel('GroupNorm', tf.getBackend())) {
    return tf.engine().runKernel('GroupNorm', { x, weight, bias }, { groups, epsilon }) as tf.Tensor4D;
  }
  const [n, h, w, c] = x.shape;
  const perGroup = c / groups;
  const count = h * w * perGroup;
  const grouped = (t: tf.Tensor) => tf.reshape(t, [-1, groups, perGroup]) as tf.Tensor3D;
  const perChannel = (t: tf.Tensor) => tf.reshape(t, [n, 1, 1, c]) as tf.Tensor4D;

  const op = tf.customGrad((...args) => {
    const [x, weight, bias, save] = args as unknown as [
      tf.Tensor4D,
      tf.Tensor1D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    const channelMean = tf.mean(x, [1, 2], true);
    const channelVariance = tf.mean(tf.square(tf.sub(x, channelMean)), [1, 2]);
    const means = grouped(channelMean);
    const mean = tf.mean(means, 2, true);
    const variance = tf.mean(tf.add(grouped(channelVariance), tf.square(tf.sub(means, mean))), 2, true);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const scale = tf.mul(grouped(weight), inverse);
    const shift = tf.sub(grouped(bias), tf.mul(mean, scale));
    save([x, weight, mean, inverse, scale]);
    const value = tf.add(tf.mul(x, perChannel(scale)), perChannel(shift));

    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x, weight, mean, inverse, scale] = saved;
      const sumDy = grouped(tf.sum(dy, [1, 2]));
      const sumDyX = grouped(tf.sum(tf.mul(dy, x), [1, 2]));
      const sumDyNormal = tf.mul(tf.sub(sumDyX, tf.mul(mean, sumDy)), inverse);
      const gamma = grouped(weight);
      const a = tf.div(tf.sum(tf.mul(gamma, sumDy), 2, true), -count);
      const b = tf.div(tf.sum(tf.mul(gamma, sumDyNormal), 2, true), -count);
      // dx = inverse (gamma dy + a + (x - mean) inverse b)
      const xFactor = tf.mul(tf.square(inverse), b);
      const constant = tf.sub(tf.mul(inverse, a), tf.mul(xFactor, mean));
      const spread = (t: tf.Tensor) => perChannel(tf.tile(t, [1, 1, perGroup]));
      const dx = tf.add(tf.add(tf.mul(dy, perChannel(scale)), spread(constant)), tf.mul(x, spread(xFactor)));
      const dWeight = tf.reshape(tf.sum(sumDyNormal, 0), [c]);
      const dBias = tf.reshape(tf.sum(sumDy, 0), [c]);
      return [dx, dWeight, dBias];
    };
    return { value, gradFunc };
  });
  return op(x, weight, bias) as tf.Tensor4D;
}
