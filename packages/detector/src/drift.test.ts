import { uniform } from '@ddad/testing';
import { expect, test } from 'vitest';
import { describeDrift, driftTestOf } from './drift.js';

const scores = Array.from(uniform('drift-of', [60]), (u) => 2 + u);
const highest = Math.max(...scores);
const conformal = { value: highest + 1e-9, from: 'calibrated' };

test('only scores that the threshold says nothing about are compared', () => {
  const beside = driftTestOf({ calibration: { scores, method: 'conformal' }, threshold: conformal })!;
  // right above the highest: that is there by the choice of the threshold
  for (const score of [2, highest, highest + 1e-10, highest + 1]) beside.add(score);
  expect(beside.count).toBe(1);
  const fitted = driftTestOf({ calibration: { scores, method: 'log-normal' }, threshold: conformal })!;
  fitted.add(highest);
  fitted.add(highest + 1);
  expect(fitted.count).toBe(1);
  const given = driftTestOf({
    calibration: { scores, method: 'quantile' },
    threshold: { value: 2, from: 'given' },
  })!;
  for (const score of [1.9, 1.99, 2, 2.1]) given.add(score);
  expect(given.count).toBe(2);
});

test('there is none without a calibration, a threshold, or a score below it', () => {
  const calibration = { scores, method: 'log-normal' };
  expect(driftTestOf({ calibration: null, threshold: conformal })).toBeUndefined();
  expect(driftTestOf({ calibration, threshold: null })).toBeUndefined();
  expect(driftTestOf({ calibration, threshold: { value: 0, from: 'given' } })).toBeUndefined();
});

test('a warning says after how many, how, how sure, and what to do', () => {
  expect(describeDrift({ direction: 'higher', count: 40 })).toBe(
    'scores no longer look like those of the calibration: after 40 images called good it is certain that theirs are higher ' +
      '(of series without a change at most 1 % are warned about); look at light, camera and parts, `calibrateDetector` with ' +
      'good images of now sets the threshold anew',
  );
});
