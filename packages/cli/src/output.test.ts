import { PassThrough } from 'node:stream';
import * as pipeline from '@ddad/pipeline';
import { expect, test, vi } from 'vitest';
import { printTuned } from './commands/tune.js';
import { createOutput } from './output.js';
import { table } from './table.js';

const header = ['image', 'score', 'verdict'];
const rows = [
  ['a.png', '0.5', 'good'],
  ['long-name.png', '12.5', 'anomalous'],
];

test('columns line up, numbers to the right', () => {
  expect(table(rows, { header })).toBe(
    ['image          score  verdict', 'a.png            0.5  good', 'long-name.png   12.5  anomalous'].join(
      '\n',
    ),
  );
  expect(table([['AUROC', '0.9876']])).toBe('AUROC  0.9876');
});

test('what is wider than the terminal becomes a line per cell', () => {
  expect(table(rows, { header, width: 25 })).toBe(
    ['a.png', '  score 0.5', '  verdict good', 'long-name.png', '  score 12.5', '  verdict anomalous'].join(
      '\n',
    ),
  );
  expect(table([['cpu', '', 'works']], { header, width: 8 })).toBe('cpu\n  verdict works');
  expect(table(rows, { header, width: 31 })).toBe(table(rows, { header }));
});

test('on a terminal of 60 columns the table of a tuning has every cell', () => {
  const settings = 'model.w 5, model.start 350, scoring.sigma 6.5';
  const tried = { axis: 'start', settings, imageAuroc: 0.9876, pixelAuroc: 0.8765 };
  const result = {
    tried: [
      { ...tried, axis: 'present', gain: null },
      { ...tried, gain: { mean: 0.0123, low: -0.0021, high: 0.0264 } },
    ],
    ...{
      chosen: 1,
      gain: null,
      defects: 48,
      good: 16,
      reconstructed: 64,
      threshold: 1,
      config: 'tuned.yaml',
    },
    seconds: 61,
  };
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 60 });
  const output = createOutput(stdout, { json: false });
  vi.stubEnv('COLUMNS', '');
  printTuned(result, { output, pipeline });
  vi.unstubAllEnvs();
  const text = String(stdout.read());
  const [table60] = text.split('The settings stay');
  for (const line of table60.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  for (const cell of ['start (chosen)', settings, '0.988', '0.876', '+0.012', '-0.002 to +0.026']) {
    expect(text).toContain(cell);
  }
});

test('with --json there is JSON and nothing else', () => {
  const shown = (json: boolean) => {
    const stdout = new PassThrough();
    const output = createOutput(stdout, { json });
    output.line('for people');
    for (const value of [{ a: 1 }, { a: [2] }]) output.jsonLine(value);
    return String(stdout.read() ?? '');
  };
  expect(shown(false)).toBe('for people\n');
  expect(shown(true)).toBe('{"a":1}\n{"a":[2]}\n');
});
