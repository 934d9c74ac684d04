import { expect, test } from 'vitest';
import { describeCertainty } from './describe-calibration.js';
import { thresholdCertainty } from './threshold-certainty.js';

const calibration = { n: 8, falseAlarmRate: 0.01, method: 'log-normal', sharedWithTraining: true };

test('a threshold from few images says how little it knows', () => {
  expect(describeCertainty(thresholdCertainty(calibration))).toEqual([
    'The threshold rests on 8 good images, for a false-alarm rate of 1 % (a log-normal distribution fitted to their ' +
      'scores): of good images like them it will call 0.011 % to 18 % anomalous (95 % interval).',
    '8 images are too few for 1 %, which takes at least 100: the threshold lies beyond what was seen; ' +
      '`calibrateDetector` with more good images makes it surer.',
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
