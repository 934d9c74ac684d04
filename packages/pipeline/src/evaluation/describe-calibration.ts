import type { DetectorCalibration } from '@ddad/detector';
import { falseAlarmInterval } from '@ddad/scoring';

/** How sure a calibrated threshold is. */
export interface ThresholdCertainty {
  /** Good images it rests on. */
  n: number;
  /** The share of good images that was asked to be called anomalous. */
  falseAlarmRate: number;
  method: 'quantile' | 'log-normal';
  /** 95 % interval of the share that will be, of images like those. */
  interval: { low: number; high: number };
  /** There are too few images for the rate: the threshold lies beyond what was seen. */
  isExtrapolated: boolean;
  /** The images were also trained on. */
  sharedWithTraining: boolean;
}

/** What a calibration says of the false alarms to come. */
export function thresholdCertainty({
  n,
  falseAlarmRate,
  method: name,
  sharedWithTraining,
}: Pick<DetectorCalibration, 'n' | 'falseAlarmRate' | 'method' | 'sharedWithTraining'>): ThresholdCertainty {
  const method = name === 'quantile' ? 'quantile' : 'log-normal';
  const interval = falseAlarmInterval({ method, n, falseAlarmRate });
  return { n, falseAlarmRate, method, interval, isExtrapolated: method === 'log-normal', sharedWithTraining };
}

/** {@link thresholdCertainty} in sentences, what to beware of last. */
export function describeCertainty(certainty: ThresholdCertainty): string[] {
  const { n, falseAlarmRate, method, interval, isExtrapolated, sharedWithTraining } = certainty;
  const { low, high } = interval;
  const how =
    method === 'quantile'
      ? 'the quantile of their scores'
      : 'a log-normal distribution fitted to their scores';
  const lines = [
    `The threshold rests on ${n} good images, for a false-alarm rate of ${percent(falseAlarmRate)} (${how}): of good ` +
      `images like them it will call ${percent(low)} to ${percent(high)} anomalous (95 % interval).`,
  ];
  if (isExtrapolated) {
    lines.push(
      `${n} images are too few for ${percent(falseAlarmRate)}, which takes at least ${Math.ceil(1 / falseAlarmRate - 1e-9)}: ` +
        'the threshold lies beyond what was seen; `calibrateDetector` with more good images makes it surer.',
    );
  }
  if (sharedWithTraining) {
    lines.push('These images were trained on, too: on new ones the rate is likely to be higher.');
  }
  return lines;
}

/** A share with two digits that count: `0.025 %`, `18 %`. */
function percent(share: number): string {
  const value = 100 * share;
  if (value < 0.01) return 'less than 0.01 %';
  return `${Number(value.toPrecision(2))} %`;
}
