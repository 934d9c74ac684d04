import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { costNotice, trainingCost } from './training-cost.js';

const data = { root: 'x', category: 'hazelnut' };

test('steps count whole batches, and a batch shrinks to the number of images', () => {
  const config = loadConfig({ preset: 'ddad', data });
  // MVTec's hazelnut: 391 images, 12 batches of 32, 2000 epochs
  expect(trainingCost(config, 391)).toMatchObject({ stepsPerEpoch: 12, steps: 24_000, batchSize: 32 });
  expect(trainingCost(config, 28)).toMatchObject({ stepsPerEpoch: 1, steps: 2000, batchSize: 28 });
  expect(trainingCost(loadConfig({ data, training: { steps: 7 } }), 100).steps).toBe(7);
});

test('the paper’s presets announce their cost, the default has none to announce', () => {
  const notice = costNotice(loadConfig({ preset: 'ddad', data }), 391);
  expect(notice).toMatch(/preset ddad trains 24000 steps of 32 images of 256x256: about 15 days/);
  expect(costNotice(loadConfig({ data }), 391)).toBeUndefined();
});
