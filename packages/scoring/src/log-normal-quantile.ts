import { normalQuantile } from './normal-quantile.js';

/** The p-quantile of a normal distribution fitted to the logarithms, back from them. */
export function logNormalQuantile(values: Float64Array, p: number): number {
  const n = values.length;
  const unusable = values.findIndex((score) => score <= 0);
  if (unusable >= 0) {
    throw new Error(
      `calibrate: needs positive scores to fit their logarithms, got ${values[unusable]} at index ${unusable}; ` +
        'calibrate with at least 1 / falseAlarmRate images',
    );
  }
  const logs = values.map(Math.log);
  const mean = logs.reduce((sum, x) => sum + x, 0) / n;
  const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return Math.exp(mean + normalQuantile(p) * Math.sqrt(variance));
}
