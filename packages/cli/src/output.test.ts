import { expect, test } from 'vitest';
import { table } from './output.js';

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
