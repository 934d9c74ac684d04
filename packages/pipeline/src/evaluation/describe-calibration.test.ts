import { conformalGuarantee } from '@ddad/scoring';
import { expect, test } from 'vitest';
import { describeCertainty } from './describe-calibration.js';
import { thresholdCertainty } from './threshold-certainty.js';

const calibration = { n: 8, falseAlarmRate: 0.01, method: 'log-normal', sharedWithTraining: true };

test('a threshold from few images says how little it knows', () => {
  expect(describeCertainty(thresholdCertainty(calibration))).toEqual([
    'The threshold rests on 8 good images, for a false-alarm rate of 1 % (a log-normal distribution fitted to their ' +
      'scores): of good images like them it will call 0.011 % to 18 % anomalous (95 % interval).',
    '8 images are too few for 1 %, which takes at least 100: the threshold lies beyond what was seen; ' +
      'a calibration with more good images makes it surer.',
    'These images were trained on, too: on new ones the rate is likely to be higher.',
  ]);
});

test('one from enough images only how sure it is', () => {
  const enough = { n: 1000, falseAlarmRate: 0.01, method: 'quantile', sharedWithTraining: false };
  expect(describeCertainty(thresholdCertainty(enough))).toEqual([
    'The threshold rests on 1000 good images, for a false-alarm rate of 1 % (the quantile of their scores): of good ' +
      'images like them it will call 0.48 % to 1.8 % anomalous (95 % interval).',
  ]);
  expect(describeCertainty(thresholdCertainty({ ...calibration, n: 3 }))[0]).toContain(
    'will call less than 0.01 % to 52 % anomalous',
  );
});

const conformal = (n: number, confidence: number | null, falseAlarmRate = 0.01) =>
  describeCertainty(
    thresholdCertainty({
      ...{ n, falseAlarmRate, method: 'conformal', sharedWithTraining: false },
      guarantee: { confidence, ...conformalGuarantee({ n, falseAlarmRate, confidence }) },
    }),
  );

test('a conformal one says what can be signed, and what it assumes', () => {
  // beta.cdf(0.01, 10, 991), beta.ppf(0.95, 10, 991), 10 / 1001
  expect(conformal(1000, null)).toEqual([
    'The threshold rests on 1000 good images and lies right above the 991st smallest of their scores (split conformal ' +
      'prediction). Of good images at most 1 % are called anomalous: this holds with probability 54 %. With probability ' +
      '95 % it is at most 1.6 %, and on average over calibrations at most 1 %.',
    'Assumption: the images to come are exchangeable with those it was calibrated with (the same parts, camera and light, ' +
      'none chosen by its score); nothing is assumed about the distribution of the scores.',
  ]);
});

test('too few images for a conformal one: how little they promise, and how many would do', () => {
  // 1 - 0.99^37 = 0.3106, 1 - 0.05^(1/37) = 0.0778, 1 / 38 = 0.0263
  const [first, , last] = conformal(37, null);
  expect(first).toContain('right above all of their scores');
  expect(first).toContain('this holds with probability 31 %. With probability 95 % it is at most 7.8 %');
  expect(first).toContain('on average over calibrations at most 2.7 %');
  expect(last).toBe(
    '37 good images are too few for 1 % on average: 99 would do (calibrate it again with more of them).',
  );
  expect(conformal(298, 0.95).at(-1)).toContain('too few for 1 % with probability 95 %: 299 would do');
  expect(conformal(299, 0.95)).toHaveLength(2);
});
