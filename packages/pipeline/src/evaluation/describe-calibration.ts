import type { ThresholdCertainty } from './threshold-certainty.js';

/** {@link thresholdCertainty} in sentences, what to beware of last. */
export function describeCertainty(certainty: ThresholdCertainty): string[] {
  if (certainty.guarantee) return describeGuarantee(certainty, certainty.guarantee);
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
        'the threshold lies beyond what was seen; a calibration with more good images makes it surer.',
    );
  }
  if (sharedWithTraining) {
    lines.push('These images were trained on, too: on new ones the rate is likely to be higher.');
  }
  return lines;
}

/** What may be signed, and under which assumption. */
function describeGuarantee(
  { n, falseAlarmRate, sharedWithTraining }: ThresholdCertainty,
  {
    confidence,
    rank,
    isMet,
    needed,
    averageRate,
    probability,
    limit,
  }: NonNullable<ThresholdCertainty['guarantee']>,
): string[] {
  const place =
    rank === n ? 'above all of their scores' : `above the ${ordinal(rank)} smallest of their scores`;
  const lines = [
    `The threshold rests on ${n} good images and lies right ${place} (split conformal prediction). Of good images at ` +
      `most ${percent(falseAlarmRate)} are called anomalous: this holds with probability ${percent(rounded(probability, Math.floor))}. With ` +
      `probability ${percent(confidence ?? 0.95)} it is at most ${percent(rounded(limit, Math.ceil))}, and on average over calibrations at ` +
      `most ${percent(rounded(averageRate, Math.ceil))}.`,
    'Assumption: the images to come are exchangeable with those it was calibrated with (the same parts, camera and light, ' +
      'none chosen by its score); nothing is assumed about the distribution of the scores.',
  ];
  if (!isMet) {
    lines.push(
      `${n} good images are too few for ${percent(falseAlarmRate)} ` +
        `${confidence === null ? 'on average' : `with probability ${percent(confidence)}`}: ${needed} would do ` +
        '(calibrate it again with more of them).',
    );
  }
  if (sharedWithTraining) {
    lines.push(
      'These images were trained on, too, so that new ones may score higher: then none of it holds.',
    );
  }
  return lines;
}

/** To two digits that count, such that what was promised stays true. */
function rounded(share: number, towards: (value: number) => number): number {
  const digit = 10 ** (Math.floor(Math.log10(share)) - 1);
  return Math.min(towards(share / digit - (towards === Math.ceil ? 1e-9 : -1e-9)) * digit, 1);
}

/** 1st, 2nd, 3rd, 4th, 11th, 21st. */
function ordinal(value: number): string {
  const last = value % 100 >= 11 && value % 100 <= 13 ? 0 : value % 10;
  return `${value}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}

/** A share with two digits that count: `0.025 %`, `18 %`. */
function percent(share: number): string {
  const value = 100 * share;
  if (value < 0.01) return 'less than 0.01 %';
  return `${Number(value.toPrecision(2))} %`;
}
