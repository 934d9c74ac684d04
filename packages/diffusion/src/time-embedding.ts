import { linear, type Scope, silu } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';

/** Sinusoidal embedding of the time step (Vaswani et al. 2017) and a two-layer network, [n] -> [n, 4 channels]. */
export function timeEmbedding(scope: Scope, { channels }: { channels: number }) {
  const first = linear(scope.child(1), { inFeatures: channels, outFeatures: 4 * channels });
  const second = linear(scope.child(3), { inFeatures: 4 * channels, outFeatures: 4 * channels });
  const half = channels / 2;
  const values = tf.tensor2d(
    Float32Array.from({ length: half }, (_, i) => Math.exp((-Math.log(10000) / half) * i)),
    [1, half],
  );
  const frequencies = tf.variable(values, false);
  values.dispose();
  return {
    frequencies,
    embed(t: tf.Tensor1D): tf.Tensor2D {
      const angles = tf.mul(tf.reshape(tf.cast(t, 'float32'), [-1, 1]), frequencies);
      return second(silu(first(tf.concat([tf.sin(angles), tf.cos(angles)], 1) as tf.Tensor2D)));
    },
  };
}
