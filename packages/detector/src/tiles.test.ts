import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeImage, fitImage, type Pixels } from '@ddad/images';
import { memoryFromState } from '@ddad/scoring';
import { expectNoLeak } from '@ddad/testing';
import { readSafetensors } from '@ddad/weights';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../testing/make-detector.js';
import { Detector } from './detector.js';
import { type Manifest, parseManifest } from './manifest.js';
import { recalibrate } from './recalibrate.js';
import { withRegionOfInterest } from './with-region-of-interest.js';

let made: MadeDetector;
let whole: Manifest;
let tiled: Manifest;
beforeAll(async () => {
  made = await makeDetector({ steps: 5, vectors: 60 });
  whole = parseManifest(await readFile(join(made.folder, 'detector.json'), 'utf8'), 'detector.json');
  tiled = { ...whole, config: { ...whole.config, data: { ...whole.config.data, tiles: 32 } } };
});
afterAll(() => rm(dirname(made.folder), { recursive: true }));

const source = (manifest: Manifest) => ({
  name: 'made',
  read: async (name: string) =>
    name === 'detector.json'
      ? new TextEncoder().encode(JSON.stringify(manifest))
      : readFile(join(made.folder, name)),
});
const load = (manifest: Manifest) => Detector.load(source(manifest), { engine: 'ort', threads: 1 });
const picture = async (path: string) => decodeImage(await readFile(path));

test('a picture as large as a tile: what a detector without tiles says', async () => {
  const small = fitImage(await picture(made.images[5]), { size: [32, 32] });
  const [a, b] = [await load(whole), await load(tiled)];
  expect(await b.detect(small)).toEqual(await a.detect(small));
  a.dispose();
  b.dispose();
});

test('a larger picture: each tile by itself where it is alone, blended where two are', async () => {
  const pixels = await picture(made.images[5]);
  const detector = await load(tiled);
  let found = await detector.detect(pixels);
  await expectNoLeak(async () => {
    found = await detector.detect(pixels);
  });
  expect([found.width, found.height, found.map.length]).toEqual([64, 64, 64 * 64]);
  expect(found.reconstruction).toMatchObject({ width: 64, height: 64, channels: 3 });
  expect(found.score).toBe(Math.max(...found.map));
  const corner = await detector.detect(cut(pixels, 0, 0));
  const next = await detector.detect(cut(pixels, 16, 0));
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 16; x++) {
      expect(Math.abs(found.map[y * 64 + x] - corner.map[y * 32 + x])).toBeLessThan(1e-5);
    }
    for (let x = 16; x < 32; x++) {
      const parts = [corner.map[y * 32 + x], next.map[y * 32 + x - 16]];
      expect(found.map[y * 64 + x]).toBeGreaterThan(Math.min(...parts) - 1e-5);
      expect(found.map[y * 64 + x]).toBeLessThan(Math.max(...parts) + 1e-5);
    }
  }
  detector.dispose();
});

test('what is ignored is 0, in no region, and tiles of nothing else are not looked at', async () => {
  const pixels = await picture(made.images[5]);
  const left: [number, number][] = [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ];
  const masked = { ...withRegionOfInterest(tiled, { include: [left], ignore: [] }) };
  masked.threshold = { value: 0, from: 'given' };
  const [a, b] = [await load({ ...tiled, threshold: masked.threshold }), await load(masked)];
  const all = await a.detect(pixels);
  const found = await b.detect(pixels);
  for (const [i, value] of found.map.entries()) {
    expect(value <= all.map[i] * (1 + 1e-5)).toBe(true);
    if (i % 64 >= 32) expect(value).toBe(0);
  }
  for (const { box } of found.regions) expect(box.x + box.width).toBeLessThanOrEqual(32);
  expect(found.isForeign).toBeTypeOf('boolean');
  a.dispose();
  b.dispose();
});

test('a further good picture joins the memory as one, and gives one score', async () => {
  const images = made.training.slice(0, 1);
  const { manifest, files } = await recalibrate(source(tiled), { images, engine: 'ort', threads: 1 });
  expect(manifest.calibration!.scores.length).toBe(whole.calibration!.scores.length + 1);
  const memory = memoryFromState(readSafetensors([...files.values()][0]));
  expect(memory.imageCount).toBe(made.training.length + 1);
  expect(Math.max(...memory.images)).toBeLessThan(memory.imageCount);
});

test('a picture smaller than a tile is refused with the remedy', async () => {
  const detector = await load(tiled);
  const thin = { data: new Uint8Array(200 * 20), width: 200, height: 20, channels: 1 };
  await expect(detector.detect(thin)).rejects.toThrow(
    'the image given as pixels: data.tiles needs at least a tile of 32x32 pixels, got 200x20; choose tiles',
  );
  detector.dispose();
});

function cut({ data, width, channels }: Pixels, x: number, y: number): Pixels {
  const out = new Uint8Array(32 * 32 * channels);
  for (let row = 0; row < 32; row++) {
    const from = ((y + row) * width + x) * channels;
    out.set(data.subarray(from, from + 32 * channels), row * 32 * channels);
  }
  return { data: out, width: 32, height: 32, channels };
}
