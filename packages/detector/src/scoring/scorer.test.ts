import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expectNoLeak } from '@ddad/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../../testing/make-detector.js';
import { Detector } from '../detector.js';
import { startEngineFor } from '../engine.js';
import { fileSource } from '../file-source.js';
import { parseManifest } from '../manifest.js';
import { loadNetworks } from '../networks/load-networks.js';
import { createScorer } from './scorer.js';

let made: MadeDetector;
beforeAll(async () => {
  made = await makeDetector();
});
afterAll(() => rm(dirname(made.folder), { recursive: true }));

test('noise of another seed gives other distances, the same ones each time; without a seed it is the detector’s', async () => {
  const { folder, images } = made;
  const detector = await Detector.load(folder, { engine: 'ort', threads: 1 });
  const [{ bytes }] = (await detector.prepare(images[0])).parts;
  const { score } = await detector.detect(images[0]);
  detector.dispose();
  const manifest = parseManifest(await readFile(join(folder, 'detector.json'), 'utf8'), folder);
  const { config, calibration } = manifest;
  const engine = await startEngineFor({ ...config, engine: 'ort', threads: 1 }, {});
  const networks = await loadNetworks(fileSource(folder), manifest);
  const scorer = createScorer(config, { networks, engine });
  const pixel = async (noiseSeed?: number) => {
    const [distances] = await scorer.distances([bytes], { phase: 'evaluate', noiseSeed });
    return { distances, pixel: distances.pixel! };
  };
  await expectNoLeak(async () => {
    const own = await pixel();
    const [{ score: itsScore }] = await scorer.maps([own.distances], { ratio: calibration!.ratio! });
    expect(itsScore).toBeCloseTo(score, 6);
    const seeded = [await pixel(0), await pixel(1), await pixel(1)];
    expect(seeded[1].pixel).toEqual(seeded[2].pixel);
    for (const [a, b] of [
      [own, seeded[0]],
      [own, seeded[1]],
      [seeded[0], seeded[1]],
    ]) {
      expect(a.pixel).not.toEqual(b.pixel);
    }
  });
  scorer.dispose();
  networks.dispose();
});
