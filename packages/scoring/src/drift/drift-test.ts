import { checkOptions } from '@ddad/options';
import { Bag } from './bag.js';
import { bets } from './bets.js';
import { rankSum } from './rank-sum.js';

export interface DriftTestOptions {
  /** Of the good images of the calibration. */
  scores: ArrayLike<number>;
  /** Only scores below are looked at, of both: what is anomalous says nothing about good images. @default Infinity */
  below?: number;
  /** Probability of a warning, ever, about scores that are like those of the calibration; in (0, 1). @default 0.01 */
  falseWarningRate?: number;
  /** Of what is forgotten of more than 10,000 scores. @default 0 */
  seed?: number;
}

/** How scores of good images differ from those before. */
export interface Drift {
  direction: 'higher' | 'lower' | 'other';
  /** After so many scores of good images it was certain. */
  count: number;
}

export interface DriftTest {
  /** Looks at one more score. Returns the drift where this one makes it certain, once. */
  add(score: number): Drift | undefined;
  /** Scores of good images that it has looked at. */
  readonly count: number;
  /** Lowest false-warning rate at which it would have warned up to now: a p-value that is valid at any time. */
  readonly level: number;
  /** Undefined while nothing is certain. */
  readonly drift: Drift | undefined;
}

/** Numbers of scores after which the calibration is compared with all of them. */
const checks = [10, 20, 40, 80, 160, 320];
/** Scores that are remembered. */
const most = 10_000;
/** Evidence beyond is none of interest. */
const enough = 1e100;

/**
 * Whether scores of good images, as they come, are still like those of the calibration. Two tests with half the rate each:
 *
 * - the first 10, 20, ... 320 scores against those of the calibration, by their ranks, a sixth of the half each: sees a
 *   place that is unlike that of the calibration, from few images;
 * - a conformal test martingale: bets on the rank of each score among all before, the calibration's included; the
 *   capital exceeds 1 / rate with at most that probability, over any length of time (Ville). It is spread over when
 *   the drift begins (after k scores: 1 / (k (k + 1))) and over six ways to bet (Vovk, Gammerman and Shafer, Algorithmic
 *   Learning in a Random World, 2nd edition, 2022, chapter 8). Sees what changes later.
 *
 * Assumes that the images come independently of each other while nothing changes.
 *
 * @throws Error a number out of range, no score to compare with
 */
export function driftTest(options: DriftTestOptions): DriftTest {
  checkOptions('driftTest', options, {
    ...{ scores: true, below: true, falseWarningRate: true, seed: true },
  });
  const { scores, below = Number.POSITIVE_INFINITY, falseWarningRate = 0.01, seed = 0 } = options;
  if (!(falseWarningRate > 0 && falseWarningRate < 1)) {
    throw new Error(`driftTest: falseWarningRate must lie between 0 and 1, got ${falseWarningRate}`);
  }
  const calibration = Array.from(scores).filter((score) => score < below);
  if (calibration.length === 0) {
    throw new Error(`driftTest: needs scores of good images below ${below}, got none`);
  }
  const bag = new Bag(calibration, { limit: Math.max(most, calibration.length), seed });
  const first: number[] = [];
  const capital = bets.map(() => 0);
  let count = 0;
  let level = 1;
  let drift: Drift | undefined;
  return {
    get count() {
      return count;
    },
    get level() {
      return level;
    },
    get drift() {
      return drift;
    },
    add(score) {
      if (Number.isNaN(score)) throw new Error('driftTest: needs a number, got NaN');
      if (!(score < below)) return undefined;
      count++;
      let direction = play(score);
      if (first.length < checks.at(-1)!) first.push(score);
      if (checks.includes(count)) {
        const found = rankSum(first, calibration);
        if (lower(2 * checks.length * found.p)) ({ direction } = found);
      }
      if (drift || level > falseWarningRate) return undefined;
      drift = { direction, count };
      return drift;
    },
  };

  function lower(to: number): boolean {
    if (to >= level) return false;
    level = to;
    return true;
  }

  /** Bets on the rank of a score; returns the direction that has won most. */
  function play(score: number): Drift['direction'] {
    const places = bag.size + 1;
    const { below: under, above } = bag.place(score);
    // the share of higher ones is somewhere here: what a bet wins is its mean over it
    const [from, to] = [above / places, 1 - under / places];
    for (const [i, { cdf }] of bets.entries()) {
      const won = (cdf(to) - cdf(from)) / (to - from);
      capital[i] = Math.min((capital[i] + 1 / (count * (count + 1))) * won, enough);
    }
    bag.add(score);
    const total = capital.reduce((sum, each) => sum + each) / bets.length + 1 / (count + 1);
    lower(2 / total);
    return bets[capital.indexOf(Math.max(...capital))].direction;
  }
}
