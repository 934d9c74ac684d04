import { conv2d, groupNorm, type Scope } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';

/**
 * Self-attention over positions. The channels of qkv are ordered head by head, q|k|v within each
 * (guided-diffusion's "legacy" order).
 */
export function attentionBlock(scope: Scope, { channels, heads }: { channels: number; heads: number }) {
  const norm = groupNorm(scope.child('norm'), { channels });
  const toQkv = conv2d(scope.child('to_qkv'), {
    inChannels: channels,
    outChannels: 3 * channels,
    kernelSize: 1,
    as1d: true,
  });
  const project = conv2d(scope.child('proj_out'), {
    inChannels: channels,
    outChannels: channels,
    kernelSize: 1,
    as1d: true,
    zero: true,
  });
  const width = channels / heads;
  const scale = width ** -0.25;

  return (x: tf.Tensor4D): tf.Tensor4D => {
    const [n, h, w] = x.shape;
    const qkv = tf.transpose(tf.reshape(toQkv(norm(x)), [n, h * w, heads, 3 * width]), [0, 2, 1, 3]);
    const [q, k, v] = tf.split(qkv, 3, 3);
    // scaling q and k before their product keeps its range small
    const similarity = tf.matMul(tf.mul(q, scale), tf.mul(k, scale), false, true);
    const mixed = tf.matMul(tf.softmax(similarity), v);
    const merged = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [n, h, w, channels]);
    return tf.add(x, project(merged as tf.Tensor4D));
  };
}
