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
