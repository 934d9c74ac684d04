import * as tf from '@tensorflow/tfjs';
import { blurMatrix } from './blur-matrix.js';

/** Pixels that a blur reaches to each side: 16 for sigma 4, a kernel of 33 as in the reference. */
function blurRadius(sigma: number): number {
  return Math.floor(4 * sigma + 0.5);
}

/**
 * Blurs each map with a Gaussian whose kernel is cut at 4 sigma; the border is mirrored without repeating the
 * outermost pixel. Separable: one matrix product along each axis, which every backend is fast at.
 *
 * @param map `[n, h, w, 1]`; both sides must exceed the kernel's radius, `floor(4 sigma + 0.5)` pixels.
 * @param sigma Standard deviation in pixels; 0 leaves the map as it is.
 * @returns `[n, h, w, 1]`.
 */
export function gaussianBlur(map: tf.Tensor4D, sigma: number): tf.Tensor4D {
  const [n, h, w, channels] = map.shape;
  if (channels !== 1) throw new Error(`gaussianBlur: needs maps [n, h, w, 1], got [${map.shape}]`);
  if (!(sigma >= 0 && sigma < Number.POSITIVE_INFINITY)) {
    throw new Error(`gaussianBlur: sigma must be a finite number >= 0, got ${sigma}`);
  }
  const radius = blurRadius(sigma);
  if (radius === 0) return map.clone();
  if (Math.min(h, w) <= radius) {
    throw new Error(
      `gaussianBlur: sigma ${sigma} reaches ${radius} pixels and needs maps of at least ` +
        `${radius + 1}x${radius + 1}, got ${h}x${w}; use a smaller sigma`,
    );
  }
  return tf.tidy(() => {
    const rows = map.reshape([n * h, w]).matMul(blurMatrix(w, sigma, radius), false, true);
    const columns = blurMatrix(h, sigma, radius).expandDims(0).tile([n, 1, 1]);
    return columns.matMul(rows.reshape([n, h, w])).reshape([n, h, w, 1]);
  });
}
