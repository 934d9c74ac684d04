import { Detector } from '@ddad/detector';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { calibrateDetector } from './calibrate-detector.js';

const { at, copy, trained } = useTrained();

test('calibration can be repeated for another rate and on other images', async () => {
  await copy('calibrated');
  const strict = await calibrateDetector(at('calibrated'), { falseAlarmRate: 0.001 });
  const lax = await calibrateDetector(at('calibrated'), { falseAlarmRate: 0.3 });
  expect(strict.method).toBe('log-normal');
  expect(lax.method).toBe('quantile');
  expect(strict.threshold).toBeGreaterThan(lax.threshold);
  const own = await calibrateDetector(at('calibrated'), { images: trained('data', 'weave', 'test', 'good') });
  expect(own.n).toBe(3);
  const detector = await Detector.load(at('calibrated'));
  expect(detector.threshold).toBe(own.threshold);
  detector.dispose();
});
