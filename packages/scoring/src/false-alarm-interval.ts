import { checkOptions } from '@ddad/options';
import type { Calibration } from './calibrate.js';
import { conformalGuarantee } from './conformal-guarantee.js';
import { betaCdf, noncentralTCdf, normalTail, solve } from './distributions.js';
import { normalQuantile } from './normal-quantile.js';

export interface FalseAlarmIntervalOptions extends Pick<Calibration, 'method' | 'n'> {
  /** The rate that was asked for. */
  falseAlarmRate: number;
  /** Probability that the interval holds the rate, in (0, 1). @default 0.95 */
  level?: number;
  /** Of the method `conformal`: what the threshold was calibrated with. @default null */
  confidence?: number | null;
}

/**
 * Between which limits the share of good images lies that a calibrated threshold will call anomalous: a threshold from
 * few images has another rate than was asked for. Holds for images like those it was calibrated with.
 *
 * - `quantile`: any continuous distribution of scores. The share above the r-th smallest of n scores follows
 *   Beta(n - r + 1, r) (David and Nagaraja, Order Statistics, 2003, section 7.2); for a threshold between two scores
 *   the lower limit of the upper and the upper limit of the lower one, so that `level` is the least that holds.
 * - `log-normal`: as far as the logarithms of the scores are normal. The share above mean + z * s follows from the
 *   noncentral t distribution (Krishnamoorthy and Mathew, Statistical Tolerance Regions, 2009, section 2.2).
 * - `conformal`: as `quantile`, of the score that the threshold lies right above.
 */
export function falseAlarmInterval(options: FalseAlarmIntervalOptions): {
  low: number;
  high: number;
} {
  checkOptions('falseAlarmInterval', options, {
    ...{ falseAlarmRate: true, level: true, method: true, n: true, confidence: true },
  });
  const { method, n, falseAlarmRate, level = 0.95, confidence } = options;
  const outside = (1 - level) / 2;
  if (method !== 'log-normal') {
    const [below, above] =
      method === 'quantile'
        ? neighbours(n, falseAlarmRate)
        : same(conformalGuarantee({ n, falseAlarmRate, confidence }).rank);
    const limit = (rank: number, value: number) =>
      solve((x) => betaCdf(x, { a: n - rank + 1, b: rank }), { value, low: 0, high: 1 });
    return { low: limit(above, outside), high: limit(below, 1 - outside) };
  }
  const root = Math.sqrt(n);
  const t = normalQuantile(1 - falseAlarmRate) * root;
  // The share above falls where the quantile that it belongs to rises.
  const limit = (value: number) =>
    normalTail(
      -solve((z) => noncentralTCdf(t, { degrees: n - 1, noncentrality: -z * root }), {
        value,
        low: -12,
        high: 12,
      }),
    );
  return { low: limit(outside), high: limit(1 - outside) };
}

/** Ranks of the scores that the empirical quantile lies between. */
function neighbours(n: number, falseAlarmRate: number): [number, number] {
  const position = (1 - falseAlarmRate) * (n - 1);
  const isScore = Math.abs(position - Math.round(position)) < 1e-9;
  const below = Math.floor(position + 1e-9) + 1;
  return [below, isScore ? below : below + 1];
}

const same = (rank: number): [number, number] => [rank, rank];
