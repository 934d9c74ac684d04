import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
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
