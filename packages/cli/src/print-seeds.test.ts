import { PassThrough } from 'node:stream';
import * as pipeline from '@ddad/pipeline';
import { expect, test } from 'vitest';
import { createOutput } from './output.js';
import { printSeeds } from './print-seeds.js';

test('a column for each seed, then mean and deviation; what a seed has not is a dash', () => {
  const folders = (seed: number) => ({ checkpoints: `c/seed-${seed}`, results: `r/seed-${seed}` });
  const stdout = new PassThrough();
  printSeeds(
    {
      runs: [
        { seed: 42, metrics: { imageAuroc: 0.9, pixelAuroc: 0.8 }, threshold: 1.5, ...folders(42) },
        { seed: 43, metrics: { imageAuroc: 0.95 }, threshold: 1.7, ...folders(43) },
      ],
      metrics: {
        imageAuroc: { mean: 0.925, deviation: 0.0354, n: 2 },
        pixelAuroc: { mean: 0.8, deviation: null, n: 1 },
      },
      threshold: { mean: 1.6, deviation: 0.1414, n: 2 },
      files: { json: 'r/seeds.json' },
    },
    { pipeline, output: createOutput(stdout, { json: false }) },
  );
  expect(String(stdout.read())).toBe(
    `             seed 42  seed 43    mean       ±
image AUROC   0.9000   0.9500  0.9250  0.0354
pixel AUROC   0.8000        -  0.8000       -
threshold     1.5000   1.7000  1.6000  0.1414
Seed 42: c/seed-42, r/seed-42
Seed 43: c/seed-43, r/seed-43
Written: r/seeds.json
`,
  );
});
