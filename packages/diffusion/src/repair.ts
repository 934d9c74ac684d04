import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';

export interface RepairOptions {
  /** The picture as the network saw it, [n, h, w, c]; h and w divide those of the picture. */
  reduced: tf.Tensor4D;
  /** Its reconstruction, the same shape. */
  reconstruction: tf.Tensor4D;
  /**
   * Changes of a value up to this size are left out, larger ones become smaller by it (soft threshold). What a
   * reconstruction changes on good pictures: a quantile of `|reconstruction - reduced|` over held-back ones. In units of
   * the picture, which spans 2. @default 0
   */
  threshold?: number;
}

/**
 * The picture at its own resolution with what a reconstruction at a lower one has changed:
 * `x + upsample(soft(reconstruction - reduced))`. Detail that the network never saw is the same in both, so that their
 * pixel and feature distances show the changes alone.
 *
 * @param x [n, H, W, c] in [-1, 1]
 * @returns [n, H, W, c], not clipped
 */
export function repair(x: tf.Tensor4D, options: RepairOptions): tf.Tensor4D {
  checkOptions('repair', options, { reduced: true, reconstruction: true, threshold: true });
  const { reduced, reconstruction, threshold = 0 } = options;
  const [n, height, width, c] = x.shape;
  const [, h, w] = reduced.shape;
  if (reconstruction.shape.join() !== reduced.shape.join()) {
    throw new Error(
      `repair: needs a reconstruction of reduced's shape [${reduced.shape}], got [${reconstruction.shape}]`,
    );
  }
  if (reduced.shape[0] !== n || reduced.shape[3] !== c || height % h !== 0 || width % w !== 0) {
    throw new Error(
      `repair: needs reduced [${n}, h, w, ${c}] with h and w dividing ${height} and ${width}, got [${reduced.shape}]`,
    );
  }
  if (!(threshold >= 0 && threshold < Number.POSITIVE_INFINITY)) {
    throw new Error(`repair: needs a finite threshold >= 0, got ${threshold}`);
  }
  return tf.tidy(() => {
    const change = tf.sub(reconstruction, reduced);
    const large = tf.sub(change, tf.clipByValue(change, -threshold, threshold)) as tf.Tensor4D;
    return tf.add(x, tf.image.resizeBilinear(large, [height, width], false, true)) as tf.Tensor4D;
  });
}

/**
 * A picture at a lower resolution: each value the mean of a block of `factor` x `factor`.
 *
 * @param x [n, h, w, c]; `factor` divides h and w
 * @returns [n, h / factor, w / factor, c]
 */
export function reduce(x: tf.Tensor4D, factor: number): tf.Tensor4D {
  const [, h, w] = x.shape;
  if (!(Number.isInteger(factor) && factor >= 1 && h % factor === 0 && w % factor === 0)) {
    throw new Error(`reduce: needs a whole factor >= 1 that divides ${h} and ${w}, got ${factor}`);
  }
  return factor === 1 ? x.clone() : tf.avgPool(x, factor, factor, 'valid');
}
