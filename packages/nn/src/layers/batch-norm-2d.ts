import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { ones, zeros } from '../state/initializers.js';
import type { Scope } from '../state/parameters.js';

export interface BatchNorm2dOptions {
  channels: number;
  /** @default 1e-5 */
  epsilon?: number;
  /** Weight of the newest batch in the running statistics. @default 0.1 */
  momentum?: number;
}

/**
 * Batch normalisation over [n, h, w, channels]. Training: batch statistics (biased variance), and the running
 * ones are updated (unbiased variance). Evaluation: running statistics.
 * Registers `weight`, `bias`, `running_mean`, `running_var` and `num_batches_tracked`, which a state dict may lack: files
 * from before PyTorch 0.4.1 do, and exporters leave it out.
 */
export function batchNorm2d(
  scope: Scope,
  options: BatchNorm2dOptions,
): (x: tf.Tensor4D, training: boolean) => tf.Tensor4D {
  checkOptions('batchNorm2d', options, { channels: true, epsilon: true, momentum: true });
  const { channels, epsilon = 1e-5, momentum = 0.1 } = options;
  const weight = scope.parameter('weight', [channels], { init: ones }) as tf.Variable<tf.Rank.R1>;
  const bias = scope.parameter('bias', [channels], { init: zeros }) as tf.Variable<tf.Rank.R1>;
  const runningMean = scope.buffer('running_mean', [channels], { init: zeros });
  const runningVariance = scope.buffer('running_var', [channels], { init: ones });
  const count = scope.buffer('num_batches_tracked', [], { init: zeros, dtype: 'I64', optional: true });

  return (x, training) => {
    if (!training) {
      const scale = tf.mul(weight, tf.rsqrt(tf.add(runningVariance, epsilon)));
      return tf.add(tf.mul(x, scale), tf.sub(bias, tf.mul(runningMean, scale)));
    }
    return normalizeBatch(x, weight, bias, epsilon, (mean, variance, elements) => {
      const blend = (running: tf.Variable, batch: tf.Tensor) =>
        running.assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum)));
      blend(runningMean, mean);
      blend(runningVariance, tf.mul(variance, elements / (elements - 1)));
      count.assign(tf.add(count, tf.onesLike(count)));
    });
  };
}

/** Ioffe & Szegedy 2015, with the gradient in closed form; `observe` receives mean and biased variance [c]. */
function normalizeBatch(
  x: tf.Tensor4D,
  weight: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
  observe: (mean: tf.Tensor1D, variance: tf.Tensor1D, elements: number) => void,
): tf.Tensor4D {
  const [n, h, w] = x.shape;
  const elements = n * h * w;
  if (elements < 2) {
    throw new Error(`batchNorm2d: training needs more than 1 value per channel, got input [${x.shape}]`);
  }
  const op = tf.customGrad((...args) => {
    const [x, weight, bias, save] = args as unknown as [
      tf.Tensor4D,
      tf.Tensor1D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    const mean = tf.mean(x, [0, 1, 2]) as tf.Tensor1D;
    const centred = tf.sub(x, mean);
    const variance = tf.mean(tf.square(centred), [0, 1, 2]) as tf.Tensor1D;
    observe(mean, variance, elements);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const scale = tf.mul(weight, inverse);
    save([centred, inverse, scale]);
    const value = tf.add(tf.mul(centred, scale), bias);

    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [centred, inverse, scale] = saved;
      const sumDy = tf.sum(dy, [0, 1, 2]);
      const dWeight = tf.mul(tf.sum(tf.mul(dy, centred), [0, 1, 2]), inverse);
      // dx = scale (dy - sumDy / m - centred inverse dWeight / m)
      const factor = tf.div(tf.mul(inverse, dWeight), -elements);
      const dx = tf.mul(tf.add(tf.sub(dy, tf.div(sumDy, elements)), tf.mul(centred, factor)), scale);
      return [dx, dWeight, sumDy];
    };
    return { value, gradFunc };
  });
  return op(x, weight, bias) as tf.Tensor4D;
}
