import { youdenThreshold } from '@ddad/metrics';
import type { Manifest } from '../checkpoint/manifest-file.js';
import type { Config } from '../config/schema.js';

/** A threshold and where it comes from. */
export type Threshold = NonNullable<Manifest['threshold']>;

/**
 * The threshold a configuration asks for; undefined where it cannot be had: `youden` needs labels of both
 * classes, `calibrated` a calibration.
 */
export function chooseThreshold(
  { scoring }: Config,
  {
    calibration,
    images,
  }: { calibration: Manifest['calibration']; images: readonly { label?: 0 | 1; score: number }[] },
): Threshold | undefined {
  if (typeof scoring.threshold === 'number') return { value: scoring.threshold, from: 'given' };
  if (scoring.threshold === 'youden') {
    const labelled = images.filter(({ label }) => label !== undefined);
    const labels = labelled.map(({ label }) => label as number);
    if (labels.includes(0) && labels.includes(1)) {
      const itsScores = labelled.map(({ score }) => score);
      const value = youdenThreshold(labels, itsScores);
      return { value: Number.isFinite(value) ? value : justAbove(itsScores), from: 'youden' };
    }
  }
  return calibration ? { value: calibration.threshold, from: 'calibrated' } : undefined;
}

/** A threshold that calls none of them anomalous, which is the best one where scores are worse than chance; JSON has no Infinity. */
function justAbove(scores: readonly number[]): number {
  const largest = scores.reduce((a, b) => Math.max(a, b));
  return Math.max(largest + Math.abs(largest) * Number.EPSILON, largest + Number.MIN_VALUE);
}
