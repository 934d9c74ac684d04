import type { ThresholdCertainty } from './threshold-certainty.js';

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
