import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../testing/make-detector.js';
import { Detector } from './detector.js';
import { type Manifest, parseManifest } from './manifest.js';
import { sha256 } from './networks/parse-weights.js';
import { type RevisedDetector, recalibrate } from './recalibrate.js';
import { withRegionOfInterest } from './with-region-of-interest.js';

const engine = { engine: 'ort', threads: 1 };

let plain: MadeDetector;
let remembering: MadeDetector;
beforeAll(async () => {
  plain = await makeDetector();
  remembering = await makeDetector({ vectors: 2000 });
});
afterAll(async () => {
  for (const { folder } of [plain, remembering]) await rm(dirname(folder), { recursive: true });
});

const manifestOf = async ({ folder }: MadeDetector): Promise<Manifest> =>
  parseManifest(await readFile(join(folder, 'detector.json'), 'utf8'), 'detector.json');

/** The files of a revision before those of the folder it came from. */
const revised = ({ folder }: MadeDetector, { manifest, files }: RevisedDetector) => ({
  name: 'revised',
  read: async (name: string) =>
    name === 'detector.json'
      ? new TextEncoder().encode(JSON.stringify(manifest))
      : (files.get(name) ?? readFile(join(folder, name))),
});

const contents = async (folder: string) =>
  Promise.all(
    (await readdir(folder)).map(async (name) => [name, await sha256(await readFile(join(folder, name)))]),
  );

test('without new images it is the same calibration', async () => {
  for (const made of [plain, remembering]) {
    const { manifest, files } = await recalibrate(made.folder, { images: [], ...engine });
    expect(manifest).toEqual(await manifestOf(made));
    expect(files.size).toBe(0);
  }
});

test('with the images of the calibration alone it is the same calibration', async () => {
  const before = (await manifestOf(plain)).calibration!;
  const { manifest } = await recalibrate(plain.folder, { images: plain.training, forget: true, ...engine });
  expect(manifest.calibration).toEqual({ ...before, sharedWithTraining: false });
});

test('a good image scores as the detector scored it, its like score less then, and the folder is untouched', async () => {
  const before = await contents(remembering.folder);
  const [one, other] = [remembering.images[5], remembering.images[6]];
  const detector = await Detector.load(remembering.folder, engine);
  const called = await detector.detect(one);
  detector.dispose();
  const tensors = tf.memory().numTensors;
  const revision = await recalibrate(remembering.folder, { images: [one], ...engine });
  expect(tf.memory().numTensors).toBe(tensors);
  const { manifest, files } = revision;
  const old = await manifestOf(remembering);
  // alone in the memory's new part, it is compared with what was there before
  expect(manifest.calibration!.scores.slice(0, -1)).toEqual(old.calibration!.scores);
  expect(Math.abs(manifest.calibration!.scores.at(-1)! - called.score)).toBeLessThan(1e-5 * called.score);
  expect(manifest.calibration!.n).toBe(old.calibration!.n + 1);
  expect(manifest.threshold).toEqual({ value: manifest.calibration!.threshold, from: 'calibrated' });
  expect([...files.keys()]).toEqual([manifest.memory!.file]);
  expect(await contents(remembering.folder)).toEqual(before);

  const taught = await Detector.load(revised(remembering, revision), engine);
  expect((await taught.detect(one)).score).toBeLessThan(called.score);
  const again = await taught.detect(other);
  taught.dispose();
  expect(again.threshold).toBe(manifest.threshold!.value);
  const twice = await recalibrate(revised(remembering, revision), { images: [other], ...engine });
  expect(twice.manifest.calibration!.n).toBe(old.calibration!.n + 2);
  expect(twice.manifest.calibration!.scores.at(-1)).toBeCloseTo(again.score, 5);
});

test('the memory is left alone where it is asked to be', async () => {
  const { manifest, files } = await recalibrate(remembering.folder, {
    ...{ images: remembering.images.slice(0, 2), memory: false },
    ...engine,
  });
  const old = await manifestOf(remembering);
  expect(files.size).toBe(0);
  expect(manifest.memory).toEqual(old.memory);
  const detector = await Detector.load(remembering.folder, engine);
  for (const [i, image] of remembering.images.slice(0, 2).entries()) {
    const { score } = await detector.detect(image);
    expect(manifest.calibration!.scores.at(i - 2)).toBeCloseTo(score, 5);
  }
  detector.dispose();
});

test('scores are those of the region of interest', async () => {
  const old = await manifestOf(plain);
  const part = withRegionOfInterest(old, {
    include: [
      [
        [0, 0],
        [0.5, 0],
        [0.5, 0.5],
        [0, 0.5],
      ],
    ],
    ignore: [],
  });
  const place = revised(plain, { manifest: part, files: new Map() });
  const { manifest } = await recalibrate(place, {
    images: plain.images.slice(0, 3),
    forget: true,
    ...engine,
  });
  expect(manifest.regionOfInterest).toEqual(part.regionOfInterest);
  const detector = await Detector.load(revised(plain, { manifest, files: new Map() }), engine);
  for (const [i, image] of plain.images.slice(0, 3).entries()) {
    expect((await detector.detect(image)).score).toBeCloseTo(manifest.calibration!.scores[i], 5);
  }
  detector.dispose();
});

test('what it cannot do is said, and nothing leaks', async () => {
  const [image] = plain.images;
  const again = (options: object, place: Parameters<typeof recalibrate>[0] = plain.folder) =>
    recalibrate(place, { images: [image], ...engine, ...options });
  await expectNoLeak(async () => {
    await expect(again({ memory: true })).rejects.toThrow(/has no memory that the images could join/);
    await expect(again({ forget: true })).rejects.toThrow(/at least 3 good images, got 1/);
    await expect(again({ images: [new Uint8Array(10)] })).rejects.toThrow(
      /cannot read the image given as bytes/,
    );
    await expect(again({ forgot: true })).rejects.toThrow(/there is no option 'forgot'/);
    await expect(again({ signal: AbortSignal.abort() })).rejects.toThrow(/interrupted/);
    const bare = { manifest: { ...(await manifestOf(plain)), calibration: null }, files: new Map() };
    await expect(again({}, revised(plain, bare))).rejects.toThrow(/has not been calibrated.*option `forget`/);
  });
});
