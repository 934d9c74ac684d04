import { goldenJson, uniform } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { conformalGuarantee } from './conformal-guarantee.js';
import { scoreThreshold } from './score-threshold.js';

interface Case {
  n: number;
  falseAlarmRate: number;
  confidence: number | null;
  rank: number;
  isMet: boolean;
  needed: number;
  probability: number;
  ofMany: number;
  limit: number;
}

/** What scipy says (tools/fixtures/intervals-peer.py). */
const { conformal } = goldenJson<{ conformal: Case[] }>('intervals');

describe.each(conformal)('of $n images at $falseAlarmRate, confidence $confidence', (peer) => {
  const { n, falseAlarmRate, confidence } = peer;
  const made = conformalGuarantee({ n, falseAlarmRate, confidence });

  it('is that of scipy', () => {
    const { rank, isMet, needed } = peer;
    expect(made).toMatchObject({ rank, isMet, needed });
    expect(made.probability / peer.probability).toBeCloseTo(1, 9);
    expect(made.limit / peer.limit).toBeCloseTo(1, 6);
    // of a finite number of further images it is beta-binomial
    expect(made.probability).toBeCloseTo(peer.ofMany, 3);
  });

  it('keeps what it promises', () => {
    const { probability, averageRate } = made;
    if (made.isMet && confidence !== null) expect(probability).toBeGreaterThanOrEqual(confidence);
    if (made.isMet && confidence === null) expect(averageRate).toBeLessThanOrEqual(falseAlarmRate + 1e-12);
    if (!made.isMet) expect(made.rank).toBe(n);
  });
});

it('a threshold lies right above the score of that rank, whose ties are no alarms', () => {
  const scores = [5, 1, 3, 2, 4, -1, 0, 4, 4];
  const threshold = (given: number[], falseAlarmRate: number) =>
    scoreThreshold({ scores: given, falseAlarmRate, rule: 'conformal' }).threshold;
  // rank ceil(0.7 * 10) of -1 0 1 2 3 4 4 4 5
  expect(threshold(scores, 0.3)).toBeGreaterThan(4);
  expect(threshold(scores, 0.3)).toBeCloseTo(4, 12);
  expect(scores.filter((score) => score >= threshold(scores, 0.3))).toEqual([5]);
  expect(threshold([0, -1, -2], 0.25)).toBe(Number.MIN_VALUE);
  expect(threshold([-3, -2, -1], 0.25)).toBeGreaterThan(-1);
  expect(threshold([-3, -2, -1], 0.25)).toBeLessThan(-1 + 1e-12);
});

it.each([
  ['on average', null],
  ['with the confidence asked for', 0.9],
] as const)('the share of false alarms is what is promised %s', (_, confidence) => {
  const [n, runs, falseAlarmRate] = [120, 2000, 0.05];
  const draws = uniform(`conformal-${confidence}`, [runs * n]);
  const { averageRate, probability } = conformalGuarantee({ n, falseAlarmRate, confidence });
  let [sum, held] = [0, 0];
  for (let run = 0; run < runs; run++) {
    // of uniform scores the share above a threshold is known
    const scores = Array.from({ length: n }, (_, i) => (draws[run * n + i]! + 1) / 2);
    const share = 1 - scoreThreshold({ scores, falseAlarmRate, confidence, rule: 'conformal' }).threshold;
    sum += share;
    if (share <= falseAlarmRate) held++;
  }
  // within four standard errors
  expect(Math.abs(sum / runs - averageRate)).toBeLessThan((4 * 0.02) / Math.sqrt(runs));
  expect(Math.abs(held / runs - probability)).toBeLessThan((4 * 0.5) / Math.sqrt(runs));
});

it.each([
  [{ n: 0, falseAlarmRate: 0.1 }, /n must be a whole number from 1 on, got 0/],
  [{ n: 2.5, falseAlarmRate: 0.1 }, /n must be a whole number/],
  [{ n: 5, falseAlarmRate: 0 }, /falseAlarmRate must lie between 0 and 1, got 0/],
  [{ n: 5, falseAlarmRate: 0.1, confidence: 1 }, /confidence must lie between 0 and 1, got 1/],
])('refuses %j', (options, message) => {
  expect(() => conformalGuarantee(options)).toThrow(message);
});
