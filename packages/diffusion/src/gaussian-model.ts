import { symmetricEigen } from '@ddad/linear-algebra';
import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';

/**
 * A normal distribution of pictures [h, w, c]: variance `variances[i]` along `components[i]`, `residual` in every
 * direction across them (probabilistic PCA, Tipping & Bishop 1999).
 */
export interface GaussianModel {
  /** [h, w, c] */
  mean: tf.Tensor3D;
  /** [k, h * w * c]: orthonormal rows; those that the pictures were too few for are 0 */
  components: tf.Tensor2D;
  /** [k], the largest first; `residual` where the component is 0 */
  variances: tf.Tensor1D;
  /** scalar, above 0 */
  residual: tf.Scalar;
}

export interface FitGaussianOptions {
  /** Principal components k, at least 1. Of fewer than 3 k pictures a third of their number is used. @default 24 */
  components?: number;
}

/** Pictures that are looked at; of more, so many at equal distances. The cost grows with its cube. */
const mostImages = 256;

/** Variance of the rounding of a picture to bytes, the least that any direction has. */
const roundingVariance = (2 / 255) ** 2 / 12;

/**
 * The normal distribution of good pictures, fitted in about a second. The mean of x_0 given x_t is known for it in closed
 * form: a denoiser to start from (see `UNet.setGaussian`).
 *
 * @param images [n, h, w, c] in [-1, 1], n >= 1
 * @returns tensors that the caller disposes
 */
export async function fitGaussian(
  images: tf.Tensor4D,
  options: FitGaussianOptions = {},
): Promise<GaussianModel> {
  checkOptions('fitGaussian', options, { components: true });
  const { components: k = 24 } = options;
  const [all, h, w, c] = images.shape;
  if (!(Number.isInteger(k) && k >= 1)) {
    throw new Error(`fitGaussian: needs a whole number of components >= 1, got ${k}`);
  }
  if (all < 1) throw new Error('fitGaussian: needs at least one image, got none');
  const n = Math.min(all, mostImages);
  const d = h * w * c;
  const [mean, centred, products] = tf.tidy(() => {
    const rows = tf.reshape(images, [all, d]);
    const indices = Array.from({ length: n }, (_, i) => Math.floor((i * all) / n));
    const chosen = n === all ? rows : tf.gather(rows, tf.tensor1d(indices, 'int32'));
    const mean = tf.mean(chosen, 0, true);
    const centred = tf.sub(chosen, mean);
    return [mean, centred, tf.matMul(centred as tf.Tensor2D, centred as tf.Tensor2D, false, true)];
  });
  try {
    const gram = (await products.array()) as number[][];
    if (!gram.every((row) => row.every(Number.isFinite))) {
      throw new Error('fitGaussian: needs finite images, got a value that is not');
    }
    // The components are combinations of the pictures: eigenvectors of the small n x n matrix give them.
    const { values, vectors } = symmetricEigen(gram);
    const floor = Math.max(1e-6 * values[0], n * d * 1e-12);
    const count = Math.min(k, Math.floor(n / 3), values.filter((value) => value > floor).length);
    const left = values.slice(count).reduce((sum, value) => sum + Math.max(value, 0), 0);
    // n - 1 - count: what the mean and the components were fitted to is no longer free
    const residual = Math.max(left / (Math.max(1, n - 1 - count) * Math.max(1, d - count)), roundingVariance);
    return tf.tidy(() => {
      const weights = Array.from({ length: k }, (_, i) =>
        Array.from(vectors[0], (_, j) => (i < count ? vectors[i][j] / Math.sqrt(values[i]) : 0)),
      );
      const variances = Array.from({ length: k }, (_, i) =>
        i < count ? Math.max(values[i] / (n - 1), residual) : residual,
      );
      return {
        mean: tf.reshape(mean, [h, w, c]) as tf.Tensor3D,
        components: tf.matMul(tf.tensor2d(weights, [k, n]), centred as tf.Tensor2D) as tf.Tensor2D,
        variances: tf.tensor1d(variances),
        residual: tf.scalar(residual),
      };
    });
  } finally {
    tf.dispose([mean, centred, products]);
  }
}
