import { expect, test } from 'vitest';
import type { CellResult } from './cell-result.js';
import type { Experiment } from './experiment.js';
import { summarize } from './summary.js';
import { notesOf, reproductionCsv, reproductionMarkdown } from './tables.js';

const experiment: Experiment = {
  version: 1,
  dataset: 'mvtec',
  kind: 'mvtec',
  release: 'first',
  budget: null,
  seeds: [1, 2],
  categories: ['carpet', 'wood'].map((name) => ({ name, settings: { preset: 'reference' } })),
};
const counts = { carpet: { train: 280, test: 117 }, wood: { train: 247, test: 79 } };
const cell = (
  category: 'carpet' | 'wood',
  seed: number,
  imageAuroc: number,
  pixelAuroc?: number,
): CellResult => ({
  ...{ category, seed, state: 'finished', engine: 'ort', ...counts[category] },
  metrics: { imageAuroc, ...(pixelAuroc !== undefined && { pixelAuroc }) },
});

test('ours beside the paper of that release, percent, with deviations', () => {
  const reproduction = summarize(experiment, [
    cell('carpet', 1, 0.97, 0.9),
    cell('wood', 1, 0.9),
    cell('carpet', 2, 0.99),
    cell('wood', 2, 1),
  ]);
  const [, , header, , carpet, wood, mean] = reproductionMarkdown(reproduction).split('\n');
  expect(header).toContain(
    '| Category | image AUROC, ours | paper | difference | pixel AUROC, ours | paper |',
  );
  expect(carpet).toMatch(/^\| carpet \| 98\.00 ± 1\.41 \| 97\.8 \| \+0\.20 \| 90\.00 \| 98\.0 \| -8\.00 \|/);
  expect(wood).toMatch(/^\| wood \| 95\.00 ± 7\.07 \| 99\.8 \| -4\.80 \| – \| 96\.8 \| – \|/);
  // by seed 0.935 and 0.995; the paper's of both; pixels of carpet alone
  expect(mean).toMatch(/^\| Mean \| 96\.50 ± 4\.24 \| 98\.8 \| -2\.30 \| 90\.00 \| 98\.0 \| -8\.00 \|/);
  expect(notesOf(reproduction)).toContainEqual(expect.stringContaining('their first release'));
  expect(reproductionCsv(reproduction).split('\n')[0]).toBe(
    'category,metric,ours,deviation,seeds,paper,difference',
  );
});

test("the paper's results stand beside none but the paper's images", () => {
  const other = (seed: number) => ({ ...cell('wood', seed, 0.9), train: 60 });
  const one = summarize(experiment, [cell('carpet', 1, 0.97), other(1), cell('carpet', 2, 0.99), other(2)]);
  expect(one.categories[0].metrics.imageAuroc?.paper).toBe(0.978);
  expect(one.categories[1].metrics.imageAuroc).not.toHaveProperty('paper');
  // the mean of ours is of both, and has no counterpart
  expect(one.means.imageAuroc).toMatchObject({ categories: 2 });
  expect(one.means.imageAuroc).not.toHaveProperty('paper');
  const text = reproductionMarkdown(one);
  expect(text).toContain(
    "- Not the published set: wood has 60 training and 79 test images, not 247 and 79; the paper's results are left out.",
  );
  const wood = text.split('\n').find((line) => line.startsWith('| wood'))!;
  expect(wood).toContain('| 90.00 ± 0.00 | – | – |');

  const none = reproductionMarkdown(
    summarize({ ...experiment, categories: [experiment.categories[1]] }, [other(1), other(2)]),
  );
  expect(none).toMatch(/^# mvtec\n\n\| Category \| image AUROC, ours \| runs \|/);
  expect(none).not.toContain('Paper:');
  const ofAnother = { ...experiment, kind: 'btad', dataset: 'btad' };
  expect(summarize(ofAnother, [other(1)]).categories[1]).not.toHaveProperty('otherImages');
});

test('what failed and what is missing is not averaged, and is named', () => {
  const reproduction = summarize(experiment, [
    cell('carpet', 1, 0.97),
    { category: 'wood', seed: 1, state: 'failed', reason: 'no images' },
    { category: 'carpet', seed: 2, state: 'missing' },
    { category: 'wood', seed: 2, state: 'missing' },
  ]);
  expect(reproduction.categories[0].metrics.imageAuroc).toEqual({
    ours: { mean: 0.97, deviation: null, n: 1 },
    paper: 0.978,
    difference: 0.97 - 0.978,
  });
  expect(reproduction.categories[1].metrics.imageAuroc).toEqual({ paper: 0.998 });
  expect(reproduction.means.imageAuroc).toMatchObject({ categories: 1, paper: 0.978 });
  const text = reproductionMarkdown(reproduction);
  expect(text).toContain('- Failed: wood, seed 1: no images.');
  expect(text).toContain('- Missing: carpet, seed 2.\n- Missing: wood, seed 2.');
  expect(text).toContain('Means are of the categories that have a value');
});
