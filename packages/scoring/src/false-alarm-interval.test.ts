import { goldenJson, uniform } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { calibrate } from './calibrate.js';
import { betaCdf, logGamma, noncentralTCdf, normalTail } from './distributions.js';
import { falseAlarmInterval } from './false-alarm-interval.js';
import { normalQuantile } from './normal-quantile.js';

interface Case {
  n: number;
  falseAlarmRate: number;
  interval: [number, number];
}

/** What scipy says (tools/fixtures/intervals-peer.py). */
const peer = goldenJson<Record<'quantile' | 'log-normal', Case[]> & Record<string, number[][]>>('intervals');

describe.each(['quantile', 'log-normal'] as const)('falseAlarmInterval, %s', (method) => {
  it.each(peer[method])('of $n images at $falseAlarmRate is that of scipy', ({ interval, ...given }) => {
    const { low, high } = falseAlarmInterval({ method, ...given });
    expect(low / interval[0]).toBeCloseTo(1, 6);
    expect(high / interval[1]).toBeCloseTo(1, 6);
    expect(low).toBeLessThan(high);
  });
});

it('distributions are those of scipy', () => {
  for (const [x, a, b, p] of peer.betaCdf as number[][]) expect(betaCdf(x, { a, b }) / p).toBeCloseTo(1, 10);
  for (const [z, p] of peer.normalTail as number[][]) expect(normalTail(z) / p).toBeCloseTo(1, 12);
  for (const [t, degrees, noncentrality, p] of peer.noncentralTCdf as number[][]) {
    expect(noncentralTCdf(t, { degrees, noncentrality })).toBeCloseTo(p, 6);
  }
  for (const [x, y] of peer.logGamma as number[][]) expect(logGamma(x)).toBeCloseTo(y, 8);
});

it.each([
  ['quantile', 100, 0.05],
  ['log-normal', 30, 0.01],
] as const)('%s: holds the true share in 95 of 100 calibrations', (method, n, falseAlarmRate) => {
  const runs = 1000;
  const draws = uniform(`interval-${method}`, [runs * n]);
  const { low, high } = falseAlarmInterval({ method, n, falseAlarmRate });
  let held = 0;
  for (let run = 0; run < runs; run++) {
    // log-normal scores, whose true share above a threshold is known
    const scores = Array.from({ length: n }, (_, i) => {
      const u = (draws[run * n + i]! + 1) / 2;
      return Math.exp(0.4 * normalQuantile(Math.min(Math.max(u, 1e-9), 1 - 1e-9)) - 1);
    });
    const maxima = scores.map(() => 1);
    const result = calibrate({ scores, pixelMaxima: maxima, featureMaxima: maxima, falseAlarmRate });
    expect(result.method).toBe(method);
    const rate = normalTail((Math.log(result.threshold) + 1) / 0.4);
    if (rate >= low && rate <= high) held++;
  }
  // three standard errors of 0.95 over a thousand runs
  expect(held / runs).toBeGreaterThan(0.929);
  expect(held / runs).toBeLessThan(method === 'quantile' ? 1 : 0.971);
});
