import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { uniform } from '@ddad/nn';
import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backboneAlone } from '../testing/backbone-alone.js';
import { type MadeDetector, makeDetector, tinyConfig } from '../testing/make-detector.js';
import { Detector } from './detector.js';
import { startEngineFor } from './engine.js';
import { type Manifest, newManifest, parseManifest } from './manifest.js';
import type { Polygon } from './region/region-of-interest.js';
import { masked } from './scoring/masked.js';
import { createScorer } from './scoring/scorer.js';
import { withRegionOfInterest } from './with-region-of-interest.js';
import { withThreshold } from './with-threshold.js';

const left: Polygon = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
];
const all: Polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

let made: MadeDetector;
let manifest: Manifest;
beforeAll(async () => {
  made = await makeDetector();
  manifest = parseManifest(await readFile(join(made.folder, 'detector.json'), 'utf8'), 'detector.json');
});
afterAll(() => rm(dirname(made.folder), { recursive: true }));

const load = (changed: Manifest) =>
  Detector.load(
    {
      name: 'changed',
      read: async (name) =>
        name === 'detector.json'
          ? new TextEncoder().encode(JSON.stringify(changed))
          : readFile(join(made.folder, name)),
    },
    { engine: 'ort', threads: 1 },
  );

test('a defect under an ignore mask is not reported, and the score is that of the other parts', async () => {
  const whole = await load(manifest);
  const found = await whole.detect(made.images[5]);
  whole.dispose();
  // just under the peak: a region around it, and what else reaches as high
  const peak = found.map.indexOf(found.score);
  const [x, y] = [(peak % 32) / 32, Math.floor(peak / 32) / 32];
  const around: Polygon = [
    [Math.max(0, x - 0.2), Math.max(0, y - 0.2)],
    [Math.min(1, x + 0.2), Math.max(0, y - 0.2)],
    [Math.min(1, x + 0.2), Math.min(1, y + 0.2)],
    [Math.max(0, x - 0.2), Math.min(1, y + 0.2)],
  ];
  const at = withThreshold(manifest, found.score * 0.999);
  const ignoring = await load(withRegionOfInterest(at, { include: [], ignore: [around] }));
  const rest = await ignoring.detect(made.images[5]);
  ignoring.dispose();
  expect(rest.map[peak]).toBe(0);
  expect(rest.score).toBeLessThan(found.score);
  expect(rest.score).toBe(Math.max(...rest.map));
  expect(rest.isAnomalous).toBe(false);
  expect(rest.regions).toEqual([]);
  const inside = await load(withRegionOfInterest(at, { include: [around], ignore: [] }));
  const part = await inside.detect(made.images[5]);
  inside.dispose();
  for (const [i, value] of part.map.entries()) expect(value > 0 && rest.map[i] > 0).toBe(false);
});

test('what lies under a mask has no influence, and no mask raises a score', async () => {
  const config = tinyConfig();
  const engine = await startEngineFor({ engine: 'ort', threads: 1 });
  const networks = await backboneAlone(config);
  const scorer = createScorer(config, { networks, engine });
  const area = 32 * 32;
  const mask = Uint8Array.from({ length: area }, (_, i) => (i % 32 < 16 ? 1 : 0));
  const values = uniform(3, area);
  const defect = values.map((value, i) => (mask[i] ? value : 1000));
  const maps = (pixel: Float32Array) => scorer.maps([masked({ pixel, feature: pixel }, mask)], { ratio: 1 });
  const [one] = await maps(values);
  const [other] = await maps(defect);
  expect(other).toEqual(one);
  const [whole] = await scorer.maps([{ pixel: values, feature: values }], { ratio: 1 });
  for (const [i, value] of one.map.entries()) {
    expect(value).toBeLessThanOrEqual(mask[i] ? whole.map[i] * (1 + 1e-6) : 0);
    // further from the mask than the blur reaches, 4 pixels of sigma 1
    if (i % 32 < 16 - 4) expect(Math.abs(value - whole.map[i])).toBeLessThan(1e-6 * whole.score);
  }
  await expectNoLeak(async () => void (await maps(values)));
  scorer.dispose();
  networks.dispose();
});

test('a region is kept in the manifest, and can be taken away', () => {
  const region = { include: [all], ignore: [left] };
  const changed = withRegionOfInterest(manifest, region);
  const read = parseManifest(JSON.stringify(changed), 'detector.json');
  expect(read.regionOfInterest).toEqual({ version: 1, ...region });
  expect(withRegionOfInterest(read, null)).toEqual(manifest);
  expect('regionOfInterest' in manifest).toBe(false);
});

test('what makes no region is refused', () => {
  const set =
    (include: unknown, ignore: unknown = []) =>
    () =>
      withRegionOfInterest(manifest, { include, ignore } as never);
  expect(set([], [all])).toThrow(/leaves nothing of a picture of 32x32 pixels to judge; set another region/);
  expect(set([left], [left])).toThrow(/leaves nothing/);
  expect(set([left.slice(0, 2)])).toThrow(/region of interest: include\.0: /);
  expect(set([[...left, [1.5, 0]]])).toThrow(/include\.0\.4\.0: /);
  expect(set([[...left, [Number.NaN, 0]]])).toThrow(/include\.0\.4\.0: /);
  expect(set('all')).toThrow(/include: /);
  const text = JSON.stringify({ ...manifest, regionOfInterest: { version: 2, include: [], ignore: [] } });
  expect(() => parseManifest(text, 'detector.json')).toThrow(/regionOfInterest\.version/);
  for (const threshold of [Number.NaN, Number.POSITIVE_INFINITY, '1' as never]) {
    expect(() => withThreshold(manifest, threshold)).toThrow(/threshold: needs a finite number/);
  }
});

test('a picture of which the region shows nothing is refused, and leaves no tensors', async () => {
  // the middle that `crop` keeps of a wide picture has nothing of its left edge
  const data = { ...manifest.config.data, fit: 'crop' as const };
  const { unet, features, memory, calibration, threshold } = manifest;
  const cropping = {
    ...newManifest({ ...manifest.config, data }, { unet, features, memory }),
    ...{ calibration, threshold },
  };
  const edge: Polygon = [
    [0, 0],
    [0.1, 0],
    [0.1, 1],
    [0, 1],
  ];
  const detector = await load(withRegionOfInterest(cropping, { include: [edge], ignore: [] }));
  const before = tf.memory().numTensors;
  const wide = { data: new Uint8Array(200 * 50), width: 200, height: 50, channels: 1 as const };
  await expect(detector.detect(wide)).rejects.toThrow(/leaves nothing of a picture of 200x50 pixels/);
  expect(tf.memory().numTensors).toBe(before);
  detector.dispose();
});
