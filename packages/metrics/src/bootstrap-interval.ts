import { checkOptions } from '@ddad/options';
import { checkPairs } from './check-pairs.js';

/** Options of {@link bootstrapInterval}. */
export interface BootstrapOptions {
  /** The metric, e.g. {@link auroc}, {@link averagePrecision} or `(l, s) => f1Max(l, s).f1`. */
  metric: (labels: Uint8Array, scores: Float64Array) => number;
  /** Share of the resampled values inside the interval, in (0, 1). @default 0.95 */
  confidence?: number;
  /** Number of resamples. @default 2000 */
  resamples?: number;
  /** Seed of the resampling, an integer; the same seed gives the same interval. @default 0 */
  seed?: number;
}

/**
 * Percentile bootstrap confidence interval of a metric (Efron and Tibshirani 1993, section 13.3). Images are
 * drawn with replacement within each class, so that both classes keep their numbers.
 * @param labels 0 (normal) or 1 (anomalous), one for each score
 * @param scores finite numbers, higher = more anomalous
 * @returns `estimate` on the data themselves, and the ends `low` and `high`
 * @throws what the metric throws, if there is no score or lengths differ, or an option is out of range
 */
export function bootstrapInterval(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: BootstrapOptions,
): { estimate: number; low: number; high: number } {
  checkOptions('bootstrapInterval', options, { metric: true, confidence: true, resamples: true, seed: true });
  const { metric, confidence = 0.95, resamples = 2000, seed = 0 } = options;
  checkPairs('bootstrapInterval', labels, scores);
  if (!(confidence > 0 && confidence < 1)) {
    throw new Error(`bootstrapInterval: confidence must be in (0, 1), got ${confidence}`);
  }
  if (!Number.isInteger(resamples) || resamples < 2) {
    throw new Error(`bootstrapInterval: resamples must be a whole number of at least 2, got ${resamples}`);
  }
  if (!Number.isInteger(seed)) throw new Error(`bootstrapInterval: seed must be an integer, got ${seed}`);
  const classes = [0, 1].map((c) => Array.from(scores).filter((_, i) => labels[i] === c));
  const drawnLabels = Uint8Array.from(scores, (_, i) => (i < classes[0].length ? 0 : 1));
  const drawn = Float64Array.from([...classes[0], ...classes[1]]);
  const estimate = metric(drawnLabels, drawn);
  const random = mulberry32(seed);
  const values = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < drawn.length; i++) {
      const own = classes[drawnLabels[i]];
      drawn[i] = own[Math.floor(random() * own.length)];
    }
    values[r] = metric(drawnLabels, drawn);
  }
  values.sort();
  return {
    estimate,
    low: quantile(values, (1 - confidence) / 2),
    high: quantile(values, (1 + confidence) / 2),
  };
}

/** Linear between order statistics (numpy's default). */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** Tommy Ettinger's mulberry32: doubles in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
