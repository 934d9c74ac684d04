import { expect, test } from 'vitest';
import { pickWeights, type Tried } from './pick-weights.js';
import { memoryAlone, weightCandidates } from './weight-candidates.js';

const { usual, others } = weightCandidates(['pixel', 'feature', 'memory']);
const equal = [0.8, 0.9, 0.7];
const tried = (separation: number, i: number, metrics: readonly number[] = equal): Tried => ({
  weights: usual[i],
  metrics,
  separation,
});
const other = (metrics: readonly number[], separation: number): Tried => ({
  weights: others[3],
  metrics,
  separation,
});

test('the usual weights, from heaviest to the memory alone', () => {
  expect(usual.map(({ pixel }) => pixel)).toEqual([0.125, 0.0625, 0]);
  expect(usual.map(({ feature }) => feature)).toEqual([0.0625, 0.03125, 0]);
  expect(usual[2]).toBe(memoryAlone);
});

test.each([
  [[12, 11, 10], 0],
  [[10, 10, 10], 0],
  [[9.9, 10.1, 10], 1],
  [[9, 9.9, 10], 2],
])('where the memory alone separates by 10, and the usual weights by %j: number %i', (by, picked) => {
  const found = by.map((value, i) => tried(value, i));
  expect(pickWeights({ usual: found, others: [] }, 10)).toBe(usual[picked]);
});

test('a memory that separates the wrong way round is no bar to what does it less so', () => {
  const found = [-0.5, -0.8, -1].map((value, i) => tried(value, i));
  expect(pickWeights({ usual: found, others: [] }, -1)).toBe(usual[0]);
});

test('without a memory, or with too few good images to say, the first', () => {
  const found = [Number.NaN, Number.NaN, Number.NaN].map((value, i) => tried(value, i));
  expect(pickWeights({ usual: found, others: [] }, Number.NaN)).toBe(usual[0]);
});

test('others only if they find clearly more, lose in nothing and tell images apart', () => {
  const found = [10, 10, 10].map((value, i) => tried(value, i));
  const picked = (metrics: readonly number[], separation: number) =>
    pickWeights({ usual: found, others: [other(metrics, separation)] }, 10);
  expect(picked([0.83, 0.93, 0.73], 10)).toBe(others[3]);
  expect(picked([0.81, 0.91, 0.71], 10)).toBe(usual[0]);
  expect(picked([0.9, 0.95, 0.69], 10)).toBe(usual[0]);
  expect(picked([0.83, 0.93, 0.73], 9.9)).toBe(usual[0]);
});
