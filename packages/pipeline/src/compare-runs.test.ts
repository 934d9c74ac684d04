import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { compareRuns } from './compare-runs.js';
import type { Report } from './evaluation/report.js';

const { at, trained, report } = useTrained();

/** Results as those of the trained detector, but for what `change` does to them. */
async function leave(folder: string, change: (report: Report) => void): Promise<void> {
  const other = structuredClone(report);
  change(other);
  await mkdir(at(folder), { recursive: true });
  await writeFile(join(at(folder), 'metrics.json'), JSON.stringify(other));
}

test('a run beside another: the settings that differ, every metric, as files', async () => {
  await leave('other', ({ config, metrics }) => {
    config.model.w = 9;
    config.data.root = '/elsewhere';
    metrics.imageAuroc = 0.25;
  });
  const { comparison, files } = await compareRuns([trained('results'), at('other', 'metrics.json')], {
    out: at('compared'),
  });
  expect(comparison.settings).toEqual([{ key: 'model.w', values: [report.config.model.w, 9] }]);
  const [first] = comparison.metrics;
  expect(first).toMatchObject({
    metric: 'imageAuroc',
    rows: [{ category: 'weave', differences: [0, 0.25 - report.metrics.imageAuroc!] }],
  });
  expect(comparison.metrics).toHaveLength(Object.keys(report.metrics).length);
  const [markdown, json, page] = await Promise.all(
    Object.values(files!).map((path) => readFile(path, 'utf8')),
  );
  expect(markdown).toContain(`| model.w | ${report.config.model.w} | 9 |`);
  expect(JSON.parse(json)).toEqual(comparison);
  expect(page).toContain('<th scope="row">model.w</th>');
});

test('several runs of a category are averaged; categories are found below a folder', async () => {
  for (const [seed, auroc] of [
    [1, 0.5],
    [2, 0.7],
  ]) {
    await leave(`seeds/weave/seed-${seed}/results`, ({ config, metrics }) => {
      config.seed = seed;
      metrics.imageAuroc = auroc;
    });
  }
  await cp(trained('results'), at('single', 'mvtec', 'weave'), { recursive: true });
  const { comparison } = await compareRuns([at('seeds'), at('single')]);
  expect(comparison.metrics[0].rows[0].values).toEqual([
    { mean: 0.6, deviation: expect.closeTo(0.1 * Math.SQRT2), n: 2 },
    { mean: report.metrics.imageAuroc, deviation: null, n: 1 },
  ]);
  expect(comparison.settings).toEqual([{ key: 'seed', values: ['1, 2', '5'] }]);
});

test('what cannot be compared is said', async () => {
  await writeFile(at('note.json'), '{"a": 1}');
  await writeFile(at('broken.json'), '{');
  await mkdir(at('empty'));
  const wrong: [string[], RegExp][] = [
    [[trained('results')], /needs two results or more, got 1/],
    [
      [trained('results'), at('gone')],
      /gone: there is no such file or folder; give the results folder of a run/,
    ],
    [[trained('results'), at('empty')], /empty: there are no results in it/],
    [
      [trained('results'), at('note.json')],
      /note\.json: it is neither the results of a run nor a reproduction/,
    ],
    [[trained('results'), at('broken.json')], /cannot read .*broken\.json: /],
  ];
  for (const [paths, message] of wrong) await expect(compareRuns(paths)).rejects.toThrow(message);
});
