import { expect, test } from 'vitest';
import { binned, fromAxis, onAxis, scoreAxis } from './score-axis.js';

const cases = {
  near: [1, 1.5, 2],
  far: [0.5, 2, 90],
  alike: [3, 3],
  negative: [-1, 0, 40],
  one: [0],
  none: [],
};

test.each(Object.entries(cases))(
  '%s: every score has its place, in order, and every place its score',
  (_, scores) => {
    const axis = scoreAxis(scores);
    const places = scores.map((score) => onAxis(axis, score));
    for (const place of places) expect(place > 0 && place < 1).toBe(true);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    for (const [i, place] of places.entries()) expect(fromAxis(axis, place)).toBeCloseTo(scores[i], 9);
    const bins = binned(axis, scores, 10);
    expect(bins.reduce((a, b) => a + b, 0)).toBe(scores.length);
  },
);

test('what lies beyond the axis is at its ends', () => {
  const axis = scoreAxis([1, 2]);
  expect(onAxis(axis, -5)).toBe(0);
  expect(onAxis(axis, 50)).toBe(1);
  expect(binned(axis, [-5, 50], 4)).toEqual([1, 0, 0, 1]);
});
