import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Detector, withRegionOfInterest } from '@ddad/detector';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { calibrateDetector } from './calibrate-detector.js';
import { readManifest, writeManifest } from './checkpoint/manifest-file.js';

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

test('a conformal threshold lies right above the score that its promise asks for, and is kept', async () => {
  await copy('conformal');
  const images = trained('data', 'weave', 'test', 'good');
  const overrides = ['scoring.threshold=conformal', 'scoring.falseAlarmRate=0.4'];
  const calibration = await calibrateDetector(at('conformal'), { images, overrides });
  // ceil(0.6 * 4) of three scores, above which lies (4 - 3) / 4 of further ones on average
  const { guarantee, scores, threshold, method } = calibration;
  expect(method).toBe('conformal');
  expect(guarantee).toMatchObject({ rank: 3, averageRate: 0.25, isMet: true, confidence: null });
  expect(guarantee!.probability).toBeCloseTo(1 - 0.6 ** 3, 12);
  expect(scores.filter((score) => score >= threshold)).toEqual([]);
  expect(threshold / Math.max(...scores)).toBeCloseTo(1, 12);
  const written = await readManifest(at('conformal'));
  expect(written.calibration).toEqual(calibration);
  expect(written.config.scoring.threshold).toBe('conformal');
  const few = await calibrateDetector(at('conformal'), { images, falseAlarmRate: 0.01 });
  expect(few.guarantee).toMatchObject({ rank: 3, isMet: false, needed: 99 });
  await expect(
    calibrateDetector(at('conformal'), { images, overrides: ['scoring.threshold=0.5'] }),
  ).rejects.toThrow(/scoring\.threshold: a calibration needs calibrated or conformal, got 0\.5/);
});

test('calibration is that of the region of interest, which stays', async () => {
  await copy('part');
  const { config, ...manifest } = await readManifest(at('part'));
  const corner: [number, number][] = [
    [0, 0],
    [0.4, 0],
    [0.4, 0.4],
  ];
  const region = withRegionOfInterest({ ...manifest, config }, { include: [corner], ignore: [] });
  await writeManifest(at('part'), { ...region, config });
  const images = trained('data', 'weave', 'test', 'good');
  const { scores } = await calibrateDetector(at('part'), { images });
  expect((await readManifest(at('part'))).regionOfInterest).toEqual(region.regionOfInterest);
  const detector = await Detector.load(at('part'));
  const found: number[] = [];
  for (const name of (await readdir(images)).sort()) {
    const { score, map, width } = await detector.detect(join(images, name));
    found.push(score);
    // the lower right half is none of the triangle
    expect(map.every((value, i) => value === 0 || (i % width) + Math.floor(i / width) < width)).toBe(true);
  }
  detector.dispose();
  for (const [i, score] of found.entries()) expect(scores[i]).toBeCloseTo(score, 5);
});
