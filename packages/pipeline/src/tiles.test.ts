import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSynthetic } from '@ddad/datasets';
import { Detector } from '@ddad/detector';
import { encodePng } from '@ddad/images';
import { collect } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { calibrateDetector } from './calibrate-detector.js';
import type { ConfigInput } from './config/schema.js';
import { detectFiles } from './detect-files.js';
import { exportDetector } from './export-detector.js';
import { plan } from './plan.js';
import { run } from './run.js';

const { at, output } = useTrained();

beforeAll(async () => {
  const counts = { train: 4, testGood: 1, testDefect: 1 };
  await makeSynthetic({ out: at('data'), category: 'weave', seed: 3, size: 96, counts });
});

function configOf(name: string, data: ConfigInput['data']): ConfigInput {
  const root = at('data');
  return {
    ...{ engine: 'ort', threads: 1, seed: 5 },
    data: { kind: 'mvtec', root, category: 'weave', imageSize: 32, tiles: 64, ...data },
    model: { baseChannels: 32, channelMultipliers: [1, 1] },
    memory: { vectors: 60, candidates: 500 },
    training: { steps: 2, batchSize: 4 },
    features: { weights: 'random', backbone: 'resnet18' },
    output: output(name),
  };
}

test('a detector of tiles: plan, report, detection, calibration', async () => {
  const config = configOf('tiled', {});
  const before = tf.memory().numTensors;
  expect(await plan(config, { instant: true })).toMatchObject({
    tiles: { side: 64, count: 4 },
    smallestDefect: { width: 4, height: 4 },
  });
  const report = await run(config, { instant: true });
  expect(report.images).toHaveLength(2);
  expect(report.metrics.pixelAuroc).toBeTypeOf('number');
  const manifest = JSON.parse(await readFile(at('tiled', 'detector.json'), 'utf8'));
  // pictures, not tiles
  expect(manifest.calibration.scores).toHaveLength(4);
  const images = report.images.map(({ id }) => join(at('data'), id));
  const found = await collect(detectFiles(images, { checkpoint: at('tiled'), engine: 'ort', threads: 1 }));
  expect(found.map(({ width, height, imageWidth }) => [width, height, imageWidth])).toEqual([
    [48, 48, 96],
    [48, 48, 96],
  ]);
  for (const [i, { score }] of found.entries()) expect(score).toBeCloseTo(report.images[i].score, 4);
  const { scores } = await calibrateDetector(at('tiled'), { images: join(at('data'), 'weave', 'train') });
  expect(scores).toHaveLength(4);
  await expect(exportDetector(at('tiled'), { out: at('onnx'), formats: ['onnx'] })).rejects.toThrow(
    /sees pictures in tiles .* an ONNX model of it cannot; a bundle/,
  );
  expect(tf.memory().numTensors).toBe(before);
});

test('a region drawn as a picture is kept, learnt and judged alone; another calibration moves it', async () => {
  const side = 96;
  const half = Uint8Array.from({ length: side * side }, (_, i) => (i % side < side / 2 ? 255 : 0));
  const picture = at('roi.png');
  await writeFile(picture, encodePng({ data: half, width: side, height: side, channels: 1 }));
  const config = configOf('half', { roi: picture });
  const report = await run(config, { instant: true });
  const read = async () => JSON.parse(await readFile(at('half', 'detector.json'), 'utf8'));
  const left = [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ];
  expect((await read()).regionOfInterest).toEqual({ version: 1, include: [left], ignore: [] });
  const detector = await Detector.load(at('half'), { engine: 'ort', threads: 1 });
  const { map, width } = await detector.detect(join(at('data'), report.images[0].id));
  detector.dispose();
  for (const [i, value] of map.entries()) expect(value > 0).toBe(i % width < width / 2);
  // the same run, whose picture says something else now
  await writeFile(
    picture,
    encodePng({ data: half.map((v) => 255 - v), width: side, height: side, channels: 1 }),
  );
  const memories = async () => (await readdir(at('half'))).filter((name) => name.startsWith('memory-'));
  const [memory] = await memories();
  await run(config, { instant: true, overwrite: true });
  expect((await read()).regionOfInterest.include[0][0]).toEqual([0.5, 0]);
  expect(await memories()).not.toEqual([memory]);
  const polygons = { include: [], ignore: [left] };
  await calibrateDetector(at('half'), { overrides: [`data.roi=${JSON.stringify(polygons)}`] });
  expect((await read()).regionOfInterest).toEqual({ version: 1, ...polygons });
});

test('what has no meaning for tiles is refused, and pictures that are smaller before anything is decoded', async () => {
  const config = configOf('refused', {});
  const refused = async (change: ConfigInput, message: RegExp) =>
    expect(run({ ...config, ...change, data: { ...config.data, ...change.data } })).rejects.toThrow(message);
  await refused({ data: { fit: 'pad' } }, /data\.fit: tiles are square/);
  await refused(
    { scoring: { crop: 0.9 } },
    /scoring\.crop: data\.tiles needs null, got 0\.9; data\.roi says/,
  );
  await refused({ memory: { position: 1 } }, /memory\.position: data\.tiles needs 0, got 1/);
  await refused(
    { data: { tiles: 97 } },
    /000\.png: data\.tiles needs at least a tile of 97x97 pixels, got 96x96/,
  );
  await refused({ data: { roi: at('none.png') } }, /data\.roi: .*none\.png/);
});
