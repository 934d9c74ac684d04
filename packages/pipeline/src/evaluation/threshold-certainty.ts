import type { DetectorCalibration } from '@ddad/detector';
import { falseAlarmInterval } from '@ddad/scoring';

/** How sure a calibrated threshold is. */
export interface ThresholdCertainty {
  /** Good images it rests on. */
  n: number;
  /** The share of good images that was asked to be called anomalous. */
  falseAlarmRate: number;
  method: 'quantile' | 'log-normal' | 'conformal';
  /** 95 % interval of the share that will be, of images like those. */
  interval: { low: number; high: number };
  /** There are too few images for the rate: the threshold lies beyond what was seen, or promises less. */
  isExtrapolated: boolean;
  /** The images were also trained on. */
  sharedWithTraining: boolean;
  /** What a conformal threshold promises. */
  guarantee?: DetectorCalibration['guarantee'];
}

/** What a calibration says of the false alarms to come. */
export function thresholdCertainty({
  n,
  falseAlarmRate,
  method: name,
  sharedWithTraining,
  guarantee,
}: Pick<
  DetectorCalibration,
  'n' | 'falseAlarmRate' | 'method' | 'sharedWithTraining' | 'guarantee'
>): ThresholdCertainty {
  const method = guarantee ? 'conformal' : name === 'quantile' ? 'quantile' : 'log-normal';
  const interval = falseAlarmInterval({ method, n, falseAlarmRate, confidence: guarantee?.confidence });
  const isExtrapolated = guarantee ? !guarantee.isMet : method === 'log-normal';
  return {
    ...{ n, falseAlarmRate, method, interval, isExtrapolated, sharedWithTraining },
    ...(guarantee && { guarantee }),
  };
}
