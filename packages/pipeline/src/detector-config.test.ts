import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { calibrateDetector } from './calibrate-detector.js';
import { readManifest } from './checkpoint/manifest-file.js';
import { loadConfig } from './config/load-config.js';
import { detectorConfig, detectorSettings } from './detector-config.js';

const { config, copy, trained } = useTrained();
const folder = trained('checkpoints');

test('a detector works with what it was made with, on any engine', async () => {
  const { config: made } = await readManifest(folder);
  expect(await detectorConfig(folder)).toEqual({ ...made, engine: 'auto', threads: null });
  const set = await detectorConfig(folder, {
    overrides: ['engine=wasm', 'scoring.threshold=0.25', 'scoring.sigma=1'],
  });
  expect(set).toEqual({
    ...made,
    engine: 'wasm',
    threads: null,
    scoring: { ...made.scoring, threshold: 0.25 },
  });
  // its own configuration changes nothing
  const own = detectorSettings(loadConfig(config));
  expect(own).toContain('scoring.sigma=1');
  expect(await detectorConfig(folder, { overrides: own })).toEqual(await detectorConfig(folder));
});

test.each([
  [
    'scoring.sigma=2',
    /scoring\.sigma is 1 there and 2 here; .*`calibrateDetector` changes the way it scores$/,
  ],
  ['scoring={sigma: 2}', /scoring\.sigma is 1 there and 2 here/],
  ['training.steps=9', /training\.steps is 5 there and 9 here; .*train another/],
  ['preset=ddad', /preset is "small" there and "ddad" here/],
  ['features.weights=other.pth', /features\.weights is/],
  ['scoring.threshold=youden', /scoring\.threshold: needs a number for a trained detector, got youden/],
  ['nonsense=1', /unknown key 'nonsense'/],
  ['engine=abacus', /engine: needs one of/],
])('detection refuses %s', async (override, message) => {
  await expect(detectorConfig(folder, { overrides: [override] })).rejects.toThrow(message);
});

test('a calibration applies how it scores, and keeps it', async () => {
  const own = await copy('other-scoring');
  const before = (await readManifest(own)).config;
  const result = await calibrateDetector(own, {
    overrides: ['scoring.falseAlarmRate=0.2', 'scoring.sigma=2', 'model.v=1', 'engine=ort'],
  });
  expect(result).toMatchObject({ falseAlarmRate: 0.2, method: 'quantile' });
  const { config: after, threshold } = await readManifest(own);
  expect(threshold).toEqual({ value: result.threshold, from: 'calibrated' });
  expect(after).toEqual({
    ...before,
    model: { ...before.model, v: 1 },
    scoring: { ...before.scoring, falseAlarmRate: 0.2, sigma: 2 },
  });
  for (const override of ['training.steps=9', 'data.imageSize=64', 'seed=3']) {
    await expect(calibrateDetector(own, { overrides: [override] }), override).rejects.toThrow(
      /was made with other settings.*a calibration can change where its images lie and how they are scored/,
    );
  }
});
