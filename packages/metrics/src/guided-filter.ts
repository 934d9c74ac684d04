/** What {@link guidedFilter} needs beside values and guide. */
export interface GuidedFilterOptions {
  /** Height and width of all planes. */
  shape: readonly [number, number];
  /** Pixels that a window reaches to each side. */
  radius: number;
  /** Added to the variances of the guide's channels, in their unit squared: what varies less is taken for noise. */
  regularization: number;
}

/**
 * The guided filter (He, Sun and Tang, Guided Image Filtering, TPAMI 35(6), 2013, equations 19 to 21): the values as the linear
 * function of the guide that fits them best in each window, averaged over the windows that a pixel lies in. Windows end at
 * the border. Its time does not depend on the radius.
 *
 * Uses nothing from outside: a report embeds its source.
 *
 * @param values row by row
 * @param guide one plane for each channel, row by row, values around 1 at most
 * @returns as many values, row by row
 */
export function guidedFilter(
  values: ArrayLike<number>,
  guide: readonly Float32Array[],
  { shape: [height, width], radius, regularization }: GuidedFilterOptions,
): Float32Array {
  const area = height * width;
  const count = guide.length;
  const sums = new Float64Array(Math.max(height, width) + 1);
  const means = guide.map((plane) => mean(Float32Array.from(plane)));
  const middle = mean(Float32Array.from(values));
  const variances = guide.map((plane, j) =>
    guide.slice(0, j + 1).map((other, k) => covariance(plane, other, means[j], means[k])),
  );
  const slopes = guide.map((plane, j) => covariance(plane, values, means[j], middle));
  solve();
  const out = mean(middle);
  for (const [j, plane] of guide.entries()) {
    const slope = mean(slopes[j]);
    for (let i = 0; i < area; i++) out[i] += slope[i] * plane[i];
  }
  return out;

  /** Of the windows around each pixel, in place. */
  function mean(plane: Float32Array): Float32Array {
    for (let y = 0; y < height; y++) alongLine(plane, y * width, 1, width);
    for (let x = 0; x < width; x++) alongLine(plane, x, width, height);
    return plane;
  }

  function alongLine(plane: Float32Array, start: number, step: number, length: number): void {
    for (let i = 0; i < length; i++) sums[i + 1] = sums[i] + plane[start + i * step];
    for (let i = 0; i < length; i++) {
      const from = Math.max(0, i - radius);
      const to = Math.min(length, i + radius + 1);
      plane[start + i * step] = (sums[to] - sums[from]) / (to - from);
    }
  }

  function covariance(
    one: ArrayLike<number>,
    other: ArrayLike<number>,
    oneMean: Float32Array,
    otherMean: Float32Array,
  ): Float32Array {
    const out = new Float32Array(area);
    for (let i = 0; i < area; i++) out[i] = one[i] * other[i];
    mean(out);
    for (let i = 0; i < area; i++) out[i] -= oneMean[i] * otherMean[i];
    return out;
  }

  /** From covariances to slopes and, in `middle`, offsets: a Cholesky decomposition for each window. */
  function solve(): void {
    const lower = new Float64Array(count * count);
    const right = new Float64Array(count);
    for (let i = 0; i < area; i++) {
      for (let j = 0; j < count; j++) {
        let value = slopes[j][i];
        for (let k = 0; k < j; k++) {
          let entry = variances[j][k][i];
          for (let l = 0; l < k; l++) entry -= lower[j * count + l] * lower[k * count + l];
          lower[j * count + k] = entry / lower[k * count + k];
          value -= lower[j * count + k] * right[k];
        }
        let square = variances[j][j][i] + regularization;
        for (let l = 0; l < j; l++) square -= lower[j * count + l] ** 2;
        // no channel is left with less than what was added to it, but for rounding
        lower[j * count + j] = Math.sqrt(Math.max(square, regularization));
        right[j] = value / lower[j * count + j];
      }
      for (let j = count - 1; j >= 0; j--) {
        let value = right[j];
        for (let k = j + 1; k < count; k++) value -= lower[k * count + j] * right[k];
        right[j] = value / lower[j * count + j];
        slopes[j][i] = right[j];
        middle[i] -= right[j] * means[j][i];
      }
    }
  }
}
