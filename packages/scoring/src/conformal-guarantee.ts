import { checkOptions } from '@ddad/options';
import { betaCdf, solve } from './distributions.js';

export interface ConformalGuaranteeOptions {
  /** Good images to calibrate with. */
  n: number;
  /** Share of good images that may be called anomalous, in (0, 1). */
  falseAlarmRate: number;
  /**
   * Probability with which the share is to be at most `falseAlarmRate`, in (0, 1); null: on average over calibrations, as
   * split conformal prediction promises.
   *
   * @default null
   */
  confidence?: number | null;
}

/** What a conformal threshold from n good images promises. */
export interface ConformalGuarantee {
  /** The threshold lies right above the rank-th smallest score. */
  rank: number;
  /** The images are enough for what was asked; if not, the threshold lies above all scores and promises less. */
  isMet: boolean;
  /** Fewest images with which it would be met. */
  needed: number;
  /** Share of good images that will be called anomalous, on average over calibrations, at most. */
  averageRate: number;
  /** Probability that the share that this one threshold calls anomalous is at most `falseAlarmRate`, at least. */
  probability: number;
  /** What the share is at most with the probability `confidence`, 0.95 where that is null. */
  limit: number;
}

/**
 * What is certain about a threshold right above an order statistic of the scores of n good images, of whatever
 * distribution: it assumes that those and the images to come are exchangeable (the same parts, camera and light; none
 * chosen by its score; none trained on).
 *
 * A further image's score is above the r-th smallest of n with the probability (n + 1 - r) / (n + 1) at most (Vovk,
 * Gammerman and Shafer, Algorithmic Learning in a Random World, 2005), and the share of all further images that is follows
 * Beta(n + 1 - r, r) (Vovk, arXiv 1209.2673; of m further ones the number is beta-binomial), or less where scores tie.
 *
 * @throws Error a number out of range
 */
export function conformalGuarantee(options: ConformalGuaranteeOptions): ConformalGuarantee {
  checkOptions('conformalGuarantee', options, { n: true, falseAlarmRate: true, confidence: true });
  const { n, falseAlarmRate, confidence = null } = options;
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new Error(`conformalGuarantee: n must be a whole number from 1 on, got ${n}`);
  }
  for (const [name, value] of Object.entries({ falseAlarmRate, confidence })) {
    if (value !== null && !(value > 0 && value < 1)) {
      throw new Error(`conformalGuarantee: ${name} must lie between 0 and 1, got ${value}`);
    }
  }
  const probabilityOf = (rank: number) => betaCdf(falseAlarmRate, { a: n + 1 - rank, b: rank });
  const needed = Math.ceil(
    (confidence === null ? 1 / falseAlarmRate - 1 : Math.log1p(-confidence) / Math.log1p(-falseAlarmRate)) -
      1e-9,
  );
  const isMet = n >= needed;
  const rank = !isMet
    ? n
    : confidence === null
      ? Math.max(1, Math.ceil((1 - falseAlarmRate) * (n + 1) - 1e-9))
      : lowest(n, (each) => probabilityOf(each) >= confidence);
  return {
    ...{ rank, isMet, needed },
    averageRate: (n + 1 - rank) / (n + 1),
    probability: probabilityOf(rank),
    limit: solve((share) => betaCdf(share, { a: n + 1 - rank, b: rank }), {
      ...{ value: confidence ?? 0.95, low: 0, high: 1 },
    }),
  };
}

/** The lowest of 1 to n that `holds` is true of; where it is of one it is of those above, and of n. */
function lowest(n: number, holds: (value: number) => boolean): number {
  let [low, high] = [1, n];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
