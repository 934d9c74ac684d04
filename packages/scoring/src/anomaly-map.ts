import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { gaussianBlur } from './gaussian-blur.js';
import { checkSameShape } from './shapes.js';

export interface AnomalyMapOptions {
  /** D_p of {@link pixelDistance}, `[n, h, w, 1]`. */
  pixel: tf.Tensor4D;
  /** D_f of {@link featureDistance}, `[n, h, w, 1]`. */
  feature: tf.Tensor4D;
  /** Weight of the pixel distance. The paper takes 1 for MVTec AD and 7 for VisA. */
  v: number;
  /**
   * What brings D_p to the scale of D_f. `{ ratio }` is a constant from {@link calibrate}: an image's map does not
   * depend on the images beside it. `'batch'` is the reference's: max D_f / max D_p over the whole batch.
   */
  normalization: 'batch' | { ratio: number };
  /**
   * Standard deviation of the final blur, in pixels; 0 for none.
   *
   * @default 4
   */
  sigma?: number;
}

/**
 * The anomaly map `blur(D_f + v * ratio * D_p)` (paper, section 3.3).
 *
 * Where the largest D_p is 0 the pixel term is dropped.
 *
 * @returns `[n, h, w, 1]`; the higher, the more anomalous.
 * @throws Error where the maps are not larger than the blur's reach (16 pixels at sigma 4).
 */
export function anomalyMap(options: AnomalyMapOptions): tf.Tensor4D {
  checkOptions('anomalyMap', options, {
    pixel: true,
    feature: true,
    v: true,
    normalization: true,
    sigma: true,
  });
  const { pixel, feature, v, normalization, sigma = 4 } = options;
  checkSameShape('anomalyMap', ['pixel', 'feature'], pixel, feature);
  checkFactor('v', v);
  if (normalization !== 'batch') checkFactor('normalization.ratio', normalization?.ratio);
  return tf.tidy(() => {
    const ratio = normalization === 'batch' ? tf.divNoNan(feature.max(), pixel.max()) : normalization.ratio;
    const distance = feature.add(pixel.mul(ratio).mul(v));
    return gaussianBlur(distance as tf.Tensor4D, sigma);
  });
}

function checkFactor(name: string, value: number): void {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new Error(`anomalyMap: ${name} must be a finite number >= 0, got ${value}`);
  }
}
