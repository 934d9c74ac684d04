import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { differences, identityOf, type Result } from './identity.js';

const data = { root: 'x', category: 'y' };
const preset = 'small';
const differ = (result: Result, ...overrides: string[]) =>
  differences(
    identityOf(loadConfig({ preset, data }), result),
    identityOf(loadConfig({ preset, data }, { overrides }), result),
  );

test('a key decides the results that depend on it, and no others', () => {
  const cases: [override: string, ...results: Result[]][] = [
    ['seed=7', 'training', 'adaptation'],
    ['engine=cpu'],
    ['data.imageSize=96', 'training', 'adaptation', 'calibration'],
    ['data.cacheDir=there'],
    ['model.w=3', 'calibration'],
    ['model.skip=50', 'adaptation', 'calibration'],
    ['training.learningRate=0.1', 'training'],
    ['training.augment.rotation=5', 'training'],
    ['training.patience=3'],
    ['features.layers=[layer2,layer3]', 'adaptation', 'memory', 'calibration'],
    ['adaptation.lambda=1', 'adaptation'],
    ['adaptation.epochs=9'],
    ['scoring.falseAlarmRate=0.1', 'calibration'],
    ['output.report=false'],
  ];
  for (const [override, ...results] of cases) {
    for (const result of ['training', 'adaptation', 'calibration'] as const) {
      expect([override, result, differ(result, override).length]).toEqual([
        override,
        result,
        results.includes(result) ? 1 : 0,
      ]);
    }
  }
});

test('lengths count with a cosine, batches with the normalisation by batch', () => {
  expect(differ('training', 'training.steps=7')).toEqual(['training.steps is 600 there and 7 here']);
  const constant = 'training.learningRateSchedule=constant';
  expect(differ('training', 'training.steps=7', constant)).toEqual([
    'training.epochs is null there and of no account here',
    'training.steps is 600 there and of no account here',
    'training.learningRateSchedule is "cosine" there and "constant" here',
  ]);
  expect(differ('calibration', 'scoring.batchSize=3')).toEqual([]);
  expect(differ('calibration', 'scoring.batchSize=3', 'scoring.normalization=batch')).toHaveLength(2);
});
