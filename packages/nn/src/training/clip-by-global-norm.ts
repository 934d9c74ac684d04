import * as tf from '@tensorflow/tfjs';
import { inPacks, packed } from './packs.js';

/**
 * Scales gradients so that their common L2 norm is at most `maxNorm`, as `torch.nn.utils.clip_grad_norm_`.
 * The tensors returned are new; call inside `tf.tidy`.
 */
export function clipByGlobalNorm(
  gradients: ReadonlyMap<string, tf.Tensor>,
  maxNorm: number,
): Map<string, tf.Tensor> {
  if (!(maxNorm > 0)) throw new Error(`clipByGlobalNorm: needs maxNorm > 0, got ${maxNorm}`);
  const squares = inPacks([...gradients.values()], ({ size }) => size).map((group) =>
    tf.sum(tf.square(packed(group))),
  );
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
  return new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}
