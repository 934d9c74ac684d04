import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Detector } from '@ddad/detector';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import type { ConfigInput } from './config/schema.js';
import { exportDetector } from './export-detector.js';
import { run } from './run.js';

const { at, config: small, output, trained } = useTrained();

const configOf = (name: string): ConfigInput => ({
  ...small,
  preset: 'auto',
  data: { ...small.data, imageSize: 64 },
  model: { ...small.model, imageSize: 32 },
  memory: { vectors: 200, candidates: 2000 },
  training: { steps: 3, batchSize: 4 },
  adaptation: { epochs: 0 },
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
  await expect(exportDetector(folder, { out: at('exported') })).rejects.toThrow(/no UNet to export/);

  const memoryFile = join(folder, first.memory.file);
  const { mtimeMs } = await stat(memoryFile);
  await run(config);
  const second = await manifestOf('staged');
  expect(second.unet.file).toBe('unet-1.safetensors');
  expect(second.memory).toEqual(first.memory);
  expect((await stat(memoryFile)).mtimeMs).toBe(mtimeMs);
  expect(Object.keys(second.calibration.terms)).toEqual(['pixel', 'feature', 'memory']);
  const whole = await Detector.load(folder, { engine: 'ort', threads: 1 });
  expect((await whole.detect(image)).reconstruction!.data).toHaveLength(64 * 64 * 3);
  whole.dispose();
  // a finished detector is not set back to its first stage
  await run(config, { instant: true });
  expect(await manifestOf('staged')).toEqual(second);
  expect(tf.memory().numTensors).toBe(before);
});

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
