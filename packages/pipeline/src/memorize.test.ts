import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchedule, Detector, fileSource, loadNetworks, openSource, parseManifest } from '@ddad/detector';
import { predictNoise } from '@ddad/diffusion';
import { encodePng } from '@ddad/images';
import { imageNoise, seedFrom } from '@ddad/nn';
import { foreignLimit } from '@ddad/scoring';
import { collect } from '@ddad/testing';
import { readSafetensors } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import type { ConfigInput } from './config/schema.js';
import { detectFiles } from './detect-files.js';
import { exportDetector } from './export-detector.js';
import { run } from './run.js';

const { at, config: small, output, trained } = useTrained();

// after three steps the feature distance is hardly more than rounding, and other weights might make it most of the score
const weights = { memory: 1, pixel: 0.125, feature: 0.0625 };
const configOf = (name: string): ConfigInput => ({
  ...small,
  preset: 'auto',
  data: { ...small.data, imageSize: 64 },
  model: { ...small.model, imageSize: 32 },
  memory: { vectors: 200, candidates: 2000 },
  training: { steps: 3, batchSize: 4 },
  adaptation: { epochs: 0 },
  scoring: { ...small.scoring, weights },
  output: output(name),
});

const manifestOf = async (name: string) => JSON.parse(await readFile(at(name, 'detector.json'), 'utf8'));

test('the first stage leaves a detector that works, the second one improves it and keeps the memory', async () => {
  const config = configOf('staged');
  const before = tf.memory().numTensors;
  const notices: string[] = [];
  const report = await run(config, { instant: true, onNotice: (notice) => notices.push(notice) });
  expect(notices.join('\n')).toMatch(/first detector ready after \d+ s: .*staged judges/);
  const folder = at('staged');
  const first = await manifestOf('staged');
  expect(first.unet).toBeNull();
  expect(first.calibration.terms).toEqual({
    memory: { scale: expect.any(Number), weight: 1 },
  });

  const image = report.images.map(({ id }) => trained('data', id))[0];
  const detector = await Detector.load(folder, { engine: 'ort', threads: 1 });
  const { score, reconstruction } = await detector.detect(image);
  detector.dispose();
  expect(score).toBeCloseTo(report.images[0].score, 5);
  expect(reconstruction).toBeUndefined();
  await expect(exportDetector(folder, { out: at('exported'), formats: ['reference'] })).rejects.toThrow(
    /no UNet, which the reference needs/,
  );
  await compareModel(folder, at('first'), image);

  const memoryFile = join(folder, first.memory.file);
  const { mtimeMs } = await stat(memoryFile);
  const stale = join(folder, 'memory-0123456789ab.safetensors');
  await writeFile(stale, 'of other images');
  await run(config);
  await expect(stat(stale)).rejects.toThrow('ENOENT');
  const second = await manifestOf('staged');
  expect(second.unet.file).toBe('unet-1.safetensors');
  expect(second.memory).toEqual(first.memory);
  expect((await stat(memoryFile)).mtimeMs).toBe(mtimeMs);
  expect(Object.keys(second.calibration.terms)).toEqual(['pixel', 'feature', 'memory']);
  const whole = await Detector.load(folder, { engine: 'ort', threads: 1 });
  expect((await whole.detect(image)).reconstruction!.data).toHaveLength(64 * 64 * 3);
  whole.dispose();
  expect((await exportDetector(folder, { out: at('exported'), formats: ['onnx'] })).files).toHaveLength(4);
  await comparePrediction(folder, at('exported', 'unet.onnx'));
  await compareModel(folder, at('second'), image);
  // a finished detector is not set back to its first stage
  await run(config, { instant: true, overwrite: true });
  expect(await manifestOf('staged')).toEqual(second);
  expect(tf.memory().numTensors).toBe(before);
});

test('a picture of something else is foreign: in the detection, in CSV and in the report', async () => {
  const own: ConfigInput = {
    ...configOf('foreign'),
    data: { ...small.data, imageSize: 64, root: at('mixed') },
    features: { weights: 'embedded' },
  };
  await cp(trained('data'), at('mixed'), { recursive: true });
  const side = 64;
  const frame = (level: number) => {
    const pixels = { data: new Uint8Array(3 * side * side).fill(level), width: side, height: side };
    return writeFile(
      at('mixed', 'weave', 'test', 'good', `frame-${level}.png`),
      encodePng({ ...pixels, channels: 3 }),
    );
  };
  await Promise.all([frame(0), frame(255)]);
  const { images, files } = await run(own, { instant: true });
  const foreign = images.filter(({ isForeign }) => isForeign).map(({ id }) => id);
  expect(foreign).toEqual(['weave/test/good/frame-0.png', 'weave/test/good/frame-255.png']);
  expect(images.every(({ isForeign }) => isForeign !== undefined)).toBe(true);
  const report = await readFile(files.report!, 'utf8');
  expect(report).toMatch(
    /2 of \d+ images do not look like this part at all.*frame-0\.png, .*frame-255\.png\./,
  );
  expect(await readFile(files.scores, 'utf8')).toMatch(/frame-0\.png,.*,1\n/);

  const checkpoint = at('foreign');
  const paths = at('mixed', 'weave', 'test', 'good');
  const csv = at('foreign.csv');
  const results = await collect(detectFiles(paths, { checkpoint, csv }));
  expect(results.map(({ isForeign }) => isForeign)).toEqual([false, false, false, true, true]);
  const rows = (await readFile(csv, 'utf8')).trim().split('\n');
  expect(rows[0]).toMatch(/,foreign,error$/);
  expect(rows.slice(1).map((row) => row.split(',').at(-2))).toEqual(['no', 'no', 'no', 'yes', 'yes']);

  // a manifest of before: it cannot tell
  const manifest = await manifestOf('foreign');
  const { typical, ...calibration } = manifest.calibration;
  expect(typical.distances).toHaveLength(calibration.scores.length);
  expect(typical.limit).toBe(foreignLimit(typical.distances));
  await writeFile(join(checkpoint, 'detector.json'), JSON.stringify({ ...manifest, calibration }));
  const [older] = await collect(detectFiles(paths, { checkpoint }));
  expect(older.isForeign).toBeUndefined();
});

/** The exported network, in plain ONNX Runtime, gives the noise that the detector's gives. */
async function comparePrediction(folder: string, file: string): Promise<void> {
  const source = fileSource(folder);
  const text = new TextDecoder().decode(await source.read('detector.json'));
  const manifest = parseManifest(text, folder);
  const networks = await loadNetworks(source, manifest);
  const x = tf.randomNormal([2, 32, 32, 3], 0, 1, 'float32', 5) as tf.Tensor4D;
  const times = [20, 70];
  const there = tf.tidy(() => {
    const alphaBars = times.map((t) => buildSchedule(manifest.config).alphaBar(t));
    const at = (values: number[]) => tf.tensor4d(values, [2, 1, 1, 1]);
    return predictNoise(networks.unet!, x, {
      t: tf.tensor1d(times),
      signal: at(alphaBars.map(Math.sqrt)),
      sigma: at(alphaBars.map((alphaBar) => Math.sqrt(1 - alphaBar))),
    });
  });
  const session = await InferenceSession.create(file);
  const { noise } = await session.run({
    x: new Tensor('float32', (await x.data()) as Float32Array, x.shape),
    t: new Tensor('float32', Float32Array.from(times), [2]),
  });
  const here = noise.data as Float32Array;
  const expected = await there.data();
  expect(here).toHaveLength(expected.length);
  expect(Math.max(...here.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-4);
  await session.release();
  networks.dispose();
  tf.dispose([x, there]);
}

/** `detector.onnx` of a bundle, in plain ONNX Runtime, gives what the bundle's detector and its test vectors say. */
async function compareModel(folder: string, name: string, image: string): Promise<void> {
  const bundle = `${name}.ddad`;
  const { files } = await exportDetector(folder, { bundle, withOnnx: true });
  expect(files).toEqual([bundle]);
  const source = await openSource('test', bundle);
  const session = await InferenceSession.create(await source.read('detector.onnx'));
  const vectors = readSafetensors(await source.read('test-vectors.safetensors'));
  const run = async (bytes: Uint8Array, noise?: Float32Array) => {
    const feeds: Record<string, Tensor> = { image: new Tensor('uint8', bytes, [1, 64, 64, 3]) };
    if (noise) feeds.noise = new Tensor('float32', noise, [noise.length / (32 * 32 * 3), 1, 32, 32, 3]);
    const { score, map } = await session.run(feeds);
    return { score: (score.data as Float32Array)[0], map: map.data as Float32Array };
  };
  const same = (found: Awaited<ReturnType<typeof run>>, score: number, map: Float32Array) => {
    expect(Math.abs(found.score / score - 1)).toBeLessThan(1e-4);
    expect(Math.max(...map.map((value, i) => Math.abs(value - found.map[i]) / score))).toBeLessThan(1e-4);
  };
  const part = (key: string, i: number) => {
    const data = vectors.get(key)?.data as Float32Array | undefined;
    return data?.slice((i * data.length) / 2, ((i + 1) * data.length) / 2);
  };
  for (let i = 0; i < 2; i++) {
    const bytes = part('image', i) as unknown as Uint8Array;
    same(await run(bytes, part('noise', i)), part('score', i)![0], part('map', i)!);
  }
  const detector = await Detector.load(bundle, { engine: 'ort', threads: 1 });
  const { score, map } = await detector.detect(image);
  const [{ bytes }] = (await detector.prepare(image)).parts;
  const draws = vectors.get('noise')?.shape[1];
  const draw = imageNoise([seedFrom(bytes)]);
  const noise = Array.from({ length: draws ?? 0 }, () => draw([1, 32, 32, 3]));
  const drawn = Float32Array.from(noise.flatMap((each) => [...each.dataSync()]));
  same(await run(bytes, draws ? drawn : undefined), score, map);
  tf.dispose(noise);
  detector.dispose();
  await session.release();
}

test('in one go or in two: the same bytes of memory, weights and calibration', async () => {
  await run(configOf('one'));
  const files = (await readdir(at('one'))).filter((name) => name !== 'detector.json');
  expect(files.filter((name) => name.startsWith('memory-'))).toHaveLength(1);
  for (const name of files) {
    const [one, two] = await Promise.all(['one', 'staged'].map((run) => readFile(at(run, name))));
    expect(two.equals(one), name).toBe(true);
  }
  const [one, two] = [await manifestOf('one'), await manifestOf('staged')];
  expect(two.calibration).toEqual(one.calibration);
});

test('without a memory there is no first stage', async () => {
  await expect(run({ ...small, output: output('none') }, { instant: true })).rejects.toThrow(
    /option instant: needs memory\.vectors > 0, got 0; preset auto/,
  );
});
