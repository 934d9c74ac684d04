import { expect, test } from 'vitest';
import type { ComparedRun } from './compared-run.js';
import { compareAll } from './comparison.js';
import { comparisonMarkdown, comparisonTables } from './tables.js';

const metrics = (imageAuroc: number) => ({ imageAuroc: { mean: imageAuroc, deviation: null, n: 1 } });
const run = (name: string, values: Record<string, [number, object]>): ComparedRun => ({
  name,
  categories: Object.entries(values).map(([category, [auroc, settings]]) => ({
    category,
    metrics: metrics(auroc),
    settings: { same: 1, ...settings },
  })),
});

test('each metric of each category, differences to the first, means over what all have', () => {
  const comparison = compareAll([
    run('a', { one: [0.5, {}], two: [0.7, {}] }),
    run('b', { one: [0.75, {}], two: [0.6, {}], three: [1, {}] }),
  ]);
  expect(comparison.settings).toEqual([]);
  expect(comparison.partial).toEqual(['three']);
  const [{ metric, rows, mean }] = comparison.metrics;
  expect(metric).toBe('imageAuroc');
  expect(rows.map(({ category, differences }) => [category, differences])).toEqual([
    ['one', [0, 0.25]],
    ['two', [0, expect.closeTo(-0.1)]],
    ['three', [null, null]],
  ]);
  expect(mean).toMatchObject({
    values: [{ mean: expect.closeTo(0.6) }, { mean: expect.closeTo(0.675) }],
    differences: [0, expect.closeTo(0.075)],
  });
  const text = comparisonMarkdown(comparison);
  expect(text).toContain('| one | 0.5000 | 0.7500 | +0.2500 |');
  expect(text).toContain('| three | – | 1.0000 | – |');
  expect(text).toContain('| Mean | 0.6000 | 0.6750 | +0.0750 |');
  expect(text).toContain('- No setting differs.\n- Not all have three.\n');
});

test('settings that differ: once where it is the same for all categories, else for each that differs', () => {
  const { settings } = compareAll([
    run('a', { one: [0, { w: 4, v: [1], only: true }], two: [0, { w: 5, v: [1], only: true }] }),
    run('b', { one: [0, { w: 4, v: [2] }], two: [0, { w: 6, v: [2] }] }),
  ]);
  expect(settings).toEqual([
    { key: 'w', category: 'two', values: [5, 6] },
    { key: 'v', values: [[1], [2]] },
    { key: 'only', values: [true, undefined] },
  ]);
  const [table] = comparisonTables({ runs: ['a', 'b'], settings, metrics: [], partial: [] });
  expect(table.rows).toEqual([
    ['w (two)', '5', '6'],
    ['v', '[1]', '[2]'],
    ['only', 'true', '–'],
  ]);
});
