import { uniform } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../normal-quantile.js';
import { bets } from './bets.js';
import { driftTest } from './drift-test.js';

/** Standard normal numbers, a stream of them for each name. */
function normals(name: string, count: number): number[] {
  return Array.from(uniform(name, [count]), (u) =>
    normalQuantile(Math.min(Math.max((u + 1) / 2, 1e-9), 1 - 1e-9)),
  );
}

const runs = 150;

/** How many of {@link runs} streams are warned about, and the median of when. */
function warnings(
  name: string,
  { n, length, change }: { n: number; length: number; change: (score: number, i: number) => number },
): { share: number; after: number; directions: Set<string> } {
  const draws = normals(name, runs * (n + length));
  const found: number[] = [];
  const directions = new Set<string>();
  for (let run = 0; run < runs; run++) {
    const from = run * (n + length);
    const test = driftTest({ scores: draws.slice(from, from + n) });
    for (let i = 0; i < length && !test.drift; i++) test.add(change(draws[from + n + i]!, i));
    if (!test.drift) continue;
    found.push(test.drift.count);
    directions.add(test.drift.direction);
  }
  found.sort((a, b) => a - b);
  return { share: found.length / runs, after: found[found.length >> 1] ?? Number.NaN, directions };
}

it.each([4, 20, 100])(
  '%i images: streams without a drift are warned about at most as often as was said',
  (n) => {
    // 0.01, and three standard errors of it
    expect(warnings(`none-${n}`, { n, length: 400, change: (z) => z }).share).toBeLessThan(0.035);
  },
);

describe('a drift is found', () => {
  it('where the place is unlike that of the calibration', () => {
    const higher = warnings('higher', { n: 20, length: 330, change: (z) => z + 1.5 });
    expect(higher.share).toBeGreaterThan(0.9);
    expect([...higher.directions]).toEqual(['higher']);
    const lower = warnings('lower', { n: 20, length: 330, change: (z) => z - 1.5 });
    expect(lower.share).toBeGreaterThan(0.9);
    expect([...lower.directions]).toEqual(['lower']);
  });

  it('where it comes later, from few images of the calibration', () => {
    const late = warnings('late', { n: 10, length: 700, change: (z, i) => (i < 400 ? z : z + 1) });
    expect(late.share).toBeGreaterThan(0.9);
    expect(late.after).toBeGreaterThan(400);
  });

  it('where scores scatter more', () => {
    const wide = warnings('wide', { n: 100, length: 500, change: (z) => 2 * z });
    expect(wide.share).toBeGreaterThan(0.9);
  });
});

it('a bet wins nothing on average, and one that is sure wins all', () => {
  for (const { cdf } of bets) {
    expect(cdf(0)).toBeCloseTo(0, 12);
    expect(cdf(1)).toBeCloseTo(1, 12);
    for (let i = 1; i <= 20; i++) expect(cdf(i / 20)).toBeGreaterThan(cdf((i - 1) / 20));
  }
});

it('is told once, keeps to what it said, and takes no notice of anomalous images', () => {
  const scores = normals('calibration', 50);
  const test = driftTest({ scores, below: 3 });
  const told = Array.from({ length: 60 }, (_, i) => test.add(2 + i / 1000)).filter(Boolean);
  expect(told).toHaveLength(1);
  expect(told[0]).toBe(test.drift);
  expect(told[0]!.direction).toBe('higher');
  expect(test.level).toBeLessThan(0.01);
  const { count, level } = test;
  for (let i = 0; i < 100; i++) expect(test.add(3 + i)).toBeUndefined();
  expect([test.count, test.level]).toEqual([count, level]);
});

it('goes on for ever in the same memory, the same for the same seed', () => {
  const scores = normals('long', 12_000);
  const levels = [0, 0, 1].map((seed) => {
    const test = driftTest({ scores: scores.slice(0, 10), seed });
    for (const score of scores.slice(10)) test.add(score);
    expect(test.drift).toBeUndefined();
    // far beyond what is remembered a change is seen
    for (let i = 0; i < 200 && !test.drift; i++) test.add(scores[i]! + 1.5);
    expect(test.drift?.direction).toBe('higher');
    return test.level;
  });
  expect(levels[0]).toBe(levels[1]);
});

it.each([
  [{ scores: [1, 2], falseWarningRate: 0 }, /falseWarningRate must lie between 0 and 1, got 0/],
  [{ scores: [1, 2], below: 1 }, /needs scores of good images below 1, got none/],
])('refuses %j', (options, message) => {
  expect(() => driftTest(options)).toThrow(message);
});

it('refuses what is no number', () => {
  expect(() => driftTest({ scores: [1, 2] }).add(Number.NaN)).toThrow('needs a number, got NaN');
});
