import { unit } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { confusion } from './confusion.js';
import { f1Max } from './f1-max.js';

const labels = [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1];
const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.05, 0.8, 0.2, 0.9, 0.35, 0.6];

describe('f1Max', () => {
  it("equals the maximum over scikit-learn's precision_recall_curve", () => {
    expect(f1Max(labels, scores)).toEqual({
      f1: expect.closeTo(0.7692307692307692, 14),
      precision: expect.closeTo(0.7142857142857143, 14),
      recall: expect.closeTo(0.8333333333333334, 14),
      threshold: 0.4,
    });
  });

  it('is the best of all distinct thresholds, and its threshold gives it', () => {
    for (let trial = 0; trial < 20; trial++) {
      const u = unit(`f1.${trial}`, 120);
      const l = Uint8Array.from(u.subarray(0, 60), (x) => +(x < 0.4));
      const s = u.subarray(60).map((x) => Math.round(x * 25) / 10);
      const f1At = (threshold: number) => {
        const { tp, fp, fn } = confusion(l, s, { threshold });
        return (2 * tp) / (2 * tp + fp + fn);
      };
      const best = f1Max(l, s);
      expect(best.f1).toBeCloseTo(Math.max(...[...s].map(f1At)), 14);
      expect(f1At(best.threshold)).toBeCloseTo(best.f1, 14);
      expect((2 * best.precision * best.recall) / (best.precision + best.recall)).toBeCloseTo(best.f1, 14);
    }
  });

  it('returns negative, tiny and large thresholds as they were given', () => {
    for (const t of [-3.5, 1e-40, 1e300, -1e-12, 0.1]) {
      expect(f1Max([0, 1], [t - Math.abs(t), t]).threshold).toBe(t);
    }
  });

  it('of equal F1 takes the lowest threshold', () => {
    expect(f1Max([1, 0, 0, 1, 1, 0], [6, 5, 4, 3, 2, 1]).threshold).toBe(2);
    // 2/3 at threshold 4 (1 of 1 found, 1 missed) and at threshold 1 (2 found, 2 false)
    expect(f1Max([1, 0, 0, 1], [4, 3, 2, 1])).toEqual({ f1: 2 / 3, precision: 0.5, recall: 1, threshold: 1 });
  });

  it('refuses degenerate input', () => {
    expect(() => f1Max([0, 0], [1, 2])).toThrow('f1Max: needs both classes, got 0 anomalous of 2');
  });
});
