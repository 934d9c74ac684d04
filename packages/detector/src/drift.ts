import { type Drift, type DriftTest, driftTest } from '@ddad/scoring';
import type { DetectorCalibration } from './manifest.js';

/** Probability with which a series of images like those of the calibration is ever warned about. */
const falseWarningRate = 0.01;

export interface DriftTestOfOptions {
  /** Null: there is nothing to compare with. */
  calibration: Pick<DetectorCalibration, 'scores' | 'method'> | null;
  /** What the verdicts come from; null while nothing has set it. */
  threshold: { value: number; from: string } | null;
}

/**
 * A test whether scores of images that a detector calls good are still like those that it was calibrated with; undefined
 * where it was not, or where none of them lies below the threshold.
 */
export function driftTestOf({ calibration, threshold }: DriftTestOfOptions): DriftTest | undefined {
  if (!calibration || !threshold) return undefined;
  const { scores, method } = calibration;
  const good = scores.filter((score) => score < threshold.value);
  // A threshold beside an order statistic makes that the largest: those below are as if it were given.
  const isOrderStatistic = threshold.from === 'calibrated' && method !== 'log-normal';
  const below = isOrderStatistic
    ? good.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    : threshold.value;
  return scores.some((score) => score < below) ? driftTest({ scores, below, falseWarningRate }) : undefined;
}

/** A warning, with what to do. */
export function describeDrift({ direction, count }: Drift): string {
  const how = { higher: 'higher', lower: 'lower', other: 'spread otherwise' }[direction];
  return (
    `scores no longer look like those of the calibration: after ${count} images called good it is certain ` +
    `that theirs are ${how} (of series without a change at most ${100 * falseWarningRate} % are warned about); look at light, camera and parts, ` +
    '`calibrateDetector` with good images of now sets the threshold anew'
  );
}
