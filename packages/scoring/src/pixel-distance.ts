import * as tf from '@tensorflow/tfjs';
import { checkSameShape } from './shapes.js';

/**
 * D_p: the absolute difference of reconstruction and target, averaged over the channels (paper, section 3.3).
 *
 * @param reconstruction `[n, h, w, c]` in [-1, 1].
 * @param target The image itself, same shape.
 * @returns `[n, h, w, 1]` in [0, 2].
 */
export function pixelDistance(reconstruction: tf.Tensor4D, target: tf.Tensor4D): tf.Tensor4D {
  checkSameShape('pixelDistance', ['reconstruction', 'target'], reconstruction, target);
  return tf.tidy(() => reconstruction.sub(target).abs().mean(3, true));
}
