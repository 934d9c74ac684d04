import { expect, it } from 'vitest';
import { describeDiff } from './describe-diff.js';
import { diffStateDict } from './diff-state-dict.js';
import type { StateDict } from './state-dict.js';

const tensor = (...shape: number[]) => ({ dtype: 'F32' as const, shape, data: new Float32Array(0) });
const state: StateDict = new Map([
  ['fc.weight', tensor(2, 3)],
  ['a', tensor(4)],
  ['b', tensor()],
  ['c', tensor(4, 1)],
]);

it('diffStateDict lists what is missing, unexpected and misshapen, in order', () => {
  const expected = new Map([
    ['z', [1]],
    ['c', [4]],
    ['a', [4]],
    ['b', [1]],
    ['y', []],
  ]);
  const diff = diffStateDict(state, expected);
  expect(diff).toEqual({
    missing: ['z', 'y'],
    unexpected: ['fc.weight'],
    misshapen: [
      { name: 'c', expected: [4], actual: [4, 1] },
      { name: 'b', expected: [1], actual: [] },
    ],
  });
  expect(describeDiff(diff)).toBe(
    '2 missing (z, y), 1 unexpected (fc.weight), 2 misshapen (c: needs [4], got [4,1], b: needs [1], got [])',
  );
  expect(describeDiff(diff, 1)).toMatch(/^2 missing \(z, and 1 more\)/);
});

it('describeDiff says nothing of a state dict that fits', () => {
  const shapes = new Map([...state].map(([name, { shape }]) => [name, shape]));
  expect(describeDiff(diffStateDict(state, shapes))).toBe('');
});
