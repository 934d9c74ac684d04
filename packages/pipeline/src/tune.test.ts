import { cp, readFile, rm } from 'node:fs/promises';
import { Detector } from '@ddad/detector';
import { startEngine } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { readManifest } from './checkpoint/manifest-file.js';
import { loadConfig } from './config/load-config.js';
import { evaluate } from './evaluate.js';
import { finishedRun } from './finished-run.js';
import { run } from './run.js';
import { tune } from './tune.js';

const { at, config, copy, output, trained } = useTrained();

test('without test images it chooses the same, twice, and leaves the detector calibrated with it', async () => {
  await cp(trained('data'), at('data'), { recursive: true });
  const overrides = [`data.root=${at('data')}`];
  await copy('with');
  await startEngine({ engine: 'ort', threads: 1 });
  const before = tf.memory().numTensors;
  const first = await tune(at('with'), { overrides, defects: 12 });
  expect(tf.memory().numTensors).toBe(before);
  await rm(at('data', 'weave', 'test'), { recursive: true });
  await rm(at('data', 'weave', 'ground_truth'), { recursive: true });
  await copy('without');
  const second = await tune(at('without'), { overrides, defects: 12 });
  const told = ({ config: _, seconds: __, ...rest }: typeof first) => rest;
  expect(told(second)).toEqual(told(first));

  const { tried, chosen, threshold } = first;
  expect([...new Set(tried.map(({ axis }) => axis))]).toEqual(
    expect.arrayContaining(['present', 'start', 'w', 'sigma', 'v']),
  );
  for (const { imageAuroc, pixelAuroc } of tried) {
    expect(imageAuroc).toBeGreaterThanOrEqual(0);
    expect(pixelAuroc).toBeLessThanOrEqual(1);
  }
  const manifest = await readManifest(at('with'));
  expect(manifest.threshold?.value).toBe(threshold);
  const { model, scoring } = loadConfig(first.config);
  expect(manifest.config).toMatchObject({ model, scoring });
  expect(tried[chosen].settings).toBe(
    `w ${model.w}, start ${model.start}, skip ${model.skip}, sigma ${scoring.sigma}, v ${model.v}`,
  );
  // every good image has been seen; with the chosen settings it has the score that the threshold rests on
  const detector = await Detector.load(at('with'));
  const { score } = await detector.detect(at('data', 'weave', 'train', 'good', '000.png'));
  detector.dispose();
  expect(manifest.calibration!.scores.some((each) => Math.abs(each - score) < 1e-5)).toBe(true);
});

test('run tunes before it judges, and its configuration is the one that was judged', async () => {
  const own = { ...config, output: output('row') };
  let path = '';
  const report = await run(own, {
    tune: true,
    onTuned: (result) => {
      path = result.config;
    },
  });
  expect(report.config.model).toEqual(loadConfig(path).model);
  expect(report.threshold).toBe((await readManifest(at('row'))).threshold?.value);
  const again = await evaluate(path);
  expect(again.images).toEqual(report.images);
  expect(await readFile(path, 'utf8')).toContain('preset: small');

  // again, nothing is left to do
  const notices: string[] = [];
  let tunings = 0;
  const onTuned = () => {
    tunings++;
  };
  const second = await run(own, { tune: true, onTuned, onNotice: (text) => notices.push(text) });
  expect(notices).toEqual([
    'nothing to do: this run is finished and tuned, and no image is newer (option overwrite begins anew)',
  ]);
  expect(tunings).toBe(0);
  expect(second.images).toEqual(JSON.parse(JSON.stringify(again.images)));
  // unless what is asked for is something else
  expect(await finishedRun({ ...own, seed: 6 }, { tune: true })).toBeUndefined();
});

test('says what cannot be tuned', async () => {
  await copy('none');
  await expect(tune(at('none'), { defects: 3 })).rejects.toThrow(
    'option defects: needs a whole number of at least 8, got 3',
  );
  await expect(tune(at('none'), { overrides: ['scoring.normalization=batch'] })).rejects.toThrow(
    'no image has a score of its own to tune by',
  );
});
