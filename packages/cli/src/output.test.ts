import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput, table } from './output.js';

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

test('results are shown as they come, under one header; as JSON they are one array', async () => {
  async function* results() {
    yield* rows;
  }
  const shown = async (json: boolean, of: AsyncIterable<string[]> = results()) => {
    const stdout = new PassThrough();
    await createOutput(stdout, { json }).stream(of, { header, row: (each) => each, widths: [8, 5, 0] });
    return String(stdout.read() ?? '');
  };
  expect(await shown(false)).toBe(
    'image     score  verdict\na.png     0.5    good\nlong-name.png  12.5   anomalous\n',
  );
  expect(JSON.parse(await shown(true))).toEqual(rows);
  async function* none() {}
  expect(await shown(false, none())).toBe('');
  expect(await shown(true, none())).toBe('[]\n');
});
