import { gauss } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { auroc } from './auroc.js';
import { bootstrapInterval } from './bootstrap-interval.js';

function sample(name: string, n: number, shift: number) {
  const labels = Array.from({ length: 2 * n }, (_, i) => +(i >= n));
  const scores = Array.from(gauss(name, [2 * n]), (x, i) => x + (i >= n ? shift : 0));
  return { labels, scores };
}

describe('bootstrapInterval', () => {
  it('holds the estimate, and has the width of the normal approximation (Hanley and McNeil 1982)', () => {
    const { labels, scores } = sample('bootstrap', 100, 1);
    const { estimate, low, high } = bootstrapInterval(labels, scores, { metric: auroc, seed: 1 });
    expect(estimate).toBe(auroc(labels, scores));
    const a = estimate;
    const q1 = a / (2 - a);
    const q2 = (2 * a * a) / (1 + a);
    const deviation = Math.sqrt((a * (1 - a) + 99 * (q1 - a * a) + 99 * (q2 - a * a)) / 100 ** 2);
    expect((high - low) / (2 * 1.96 * deviation)).toBeGreaterThan(0.85);
    expect((high - low) / (2 * 1.96 * deviation)).toBeLessThan(1.15);
    expect(low).toBeLessThan(estimate);
    expect(high).toBeGreaterThan(estimate);
  });

  it('covers the true value about as often as it says', () => {
    const truth = 0.7602; // Phi(1 / sqrt 2)
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const { labels, scores } = sample(`coverage.${trial}`, 40, 1);
      const options = { metric: auroc, resamples: 300, seed: trial, confidence: 0.9 };
      const { low, high } = bootstrapInterval(labels, scores, options);
      covered += +(low <= truth && truth <= high);
    }
    expect(covered / 200).toBeGreaterThan(0.82);
    expect(covered / 200).toBeLessThan(0.97);
  });

  it('is the same for the same seed, another for another', () => {
    const { labels, scores } = sample('seed', 30, 1);
    const run = (seed: number) => bootstrapInterval(labels, scores, { metric: auroc, resamples: 200, seed });
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });

  it('keeps the number of each class and draws whole pairs', () => {
    const metric = (labels: Uint8Array, scores: Float64Array) => {
      expect([...labels].filter((l) => l === 1)).toHaveLength(2);
      for (const [i, label] of labels.entries()) {
        expect(label === 1 ? [7, 9] : [1, 2, 3]).toContain(scores[i]);
      }
      return 1;
    };
    const result = bootstrapInterval([1, 0, 0, 1, 0], [7, 1, 2, 9, 3], { metric, resamples: 20 });
    expect(result).toEqual({ estimate: 1, low: 1, high: 1 });
  });

  it('refuses degenerate input', () => {
    const options = { metric: auroc };
    expect(() => bootstrapInterval([], [], options)).toThrow(
      'bootstrapInterval: needs at least one score, got none',
    );
    expect(() => bootstrapInterval([1, 1], [1, 2], options)).toThrow('auroc: needs both classes');
    expect(() => bootstrapInterval([0, 1], [1, 2], { ...options, confidence: 95 })).toThrow(
      'bootstrapInterval: confidence must be in (0, 1), got 95',
    );
    expect(() => bootstrapInterval([0, 1], [1, 2], { ...options, resamples: 0 })).toThrow('got 0');
    expect(() => bootstrapInterval([0, 1], [1, 2], { ...options, seed: 0.5 })).toThrow('got 0.5');
  });
});
