import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { centerCrop } from './center-crop.js';

export interface ImageScoreOptions {
  /**
   * Fraction of each side that counts, around the centre; the reference takes 0.875.
   *
   * @default the whole map
   */
  crop?: number;
  /**
   * `'max'`, the largest value, or `{ topK }`, the mean of the k largest, which one noisy pixel moves less.
   *
   * @default 'max'
   */
  reduce?: 'max' | { topK: number };
}

/**
 * One score per image: the higher, the more anomalous.
 *
 * @param map `[n, h, w, 1]` of {@link anomalyMap}.
 * @returns `[n]`.
 */
export function imageScore(map: tf.Tensor4D, options: ImageScoreOptions = {}): tf.Tensor1D {
  checkOptions('imageScore', options, { crop: true, reduce: true });
  const { crop, reduce = 'max' } = options;
  const [n, h, w, channels] = map.shape;
  if (map.rank !== 4 || channels !== 1)
    throw new Error(`imageScore: needs maps [n, h, w, 1], got [${map.shape}]`);
  return tf.tidy(() => {
    const box = centerCrop([h, w], crop ?? 1);
    const part = map.slice([0, box.top, box.left, 0], [n, box.height, box.width, 1]);
    const pixels = part.reshape([n, box.height * box.width]);
    if (reduce === 'max') return pixels.max(1);
    const count = box.height * box.width;
    if (!(Number.isInteger(reduce.topK) && reduce.topK >= 1 && reduce.topK <= count)) {
      throw new Error(
        `imageScore: topK must be an integer from 1 to the ${count} pixels, got ${reduce.topK}`,
      );
    }
    return tf.topk(pixels, reduce.topK).values.mean(1);
  });
}
