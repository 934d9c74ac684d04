import { goldenJson } from '@ddad/testing';
import { expect, it } from 'vitest';
import { rankSum } from './rank-sum.js';

/** What scipy's mannwhitneyu says (tools/fixtures/intervals-peer.py). */
const { rankSum: peer } = goldenJson<{ rankSum: { values: number[]; others: number[]; p: number | null }[] }>(
  'intervals',
);

it.each(peer)('of $values.length and $others.length values is that of scipy', ({ values, others, p }) => {
  expect(rankSum(values, others).p / (p ?? 1)).toBeCloseTo(1, 9);
});

it('says which lie higher', () => {
  expect(rankSum([5, 6, 7], [1, 2, 3, 4]).direction).toBe('higher');
  expect(rankSum([-5, -6, -7], [1, 2, 3, 4]).direction).toBe('lower');
});
