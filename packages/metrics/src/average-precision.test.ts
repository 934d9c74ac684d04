import { unit } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { averagePrecision } from './average-precision.js';

const labels = [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1];
const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.05, 0.8, 0.2, 0.9, 0.35, 0.6];

describe('averagePrecision', () => {
  it("equals scikit-learn's average_precision_score", () => {
    expect(averagePrecision(labels, scores)).toBeCloseTo(0.7242063492063493, 14);
    expect(averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])).toBeCloseTo(0.8333333333333333, 14);
  });

  it('is the prevalence for constant scores and 1 for perfect ones', () => {
    expect(averagePrecision([0, 1, 0, 0], [3, 3, 3, 3])).toBe(0.25);
    expect(averagePrecision([0, 1, 0, 1], [1, 3, 2, 4])).toBe(1);
  });

  it('is unchanged by a monotone map and by the order of the pairs', () => {
    const u = unit('ap', 200);
    const l = Uint8Array.from(u, (_, i) => +(i % 4 === 0));
    expect(averagePrecision(l, u.map(Math.exp))).toBe(averagePrecision(l, u));
    expect(averagePrecision(l.slice().reverse(), u.slice().reverse())).toBe(averagePrecision(l, u));
  });

  it('refuses degenerate input', () => {
    expect(() => averagePrecision([1, 1], [1, 2])).toThrow(
      'averagePrecision: needs both classes, got 2 anomalous of 2',
    );
    expect(() => averagePrecision([], [])).toThrow('averagePrecision: needs at least one score, got none');
  });
});
