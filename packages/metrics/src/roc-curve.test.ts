import { unit } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { auroc } from './auroc.js';
import { rocCurve } from './roc-curve.js';

describe('rocCurve', () => {
  it("has the points of scikit-learn's roc_curve", () => {
    const curve = rocCurve(
      [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1],
      [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.05, 0.8, 0.2, 0.9, 0.35, 0.6],
    );
    expect([...curve.fpr]).toEqual([
      0, 0, 0.16666666666666666, 0.16666666666666666, 0.3333333333333333, 0.6666666666666666, 1, 1,
    ]);
    expect([...curve.tpr]).toEqual([
      0, 0.16666666666666666, 0.3333333333333333, 0.5, 0.8333333333333334, 0.8333333333333334,
      0.8333333333333334, 1,
    ]);
    expect([...curve.thresholds]).toEqual([Number.POSITIVE_INFINITY, 0.9, 0.8, 0.6, 0.4, 0.35, 0.1, 0.05]);
  });

  it('drops the points that scikit-learn drops', () => {
    const curve = rocCurve([0, 0, 0, 0, 1, 1, 1, 1, 0], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...curve.fpr]).toEqual([0, 0.2, 0.2, 1]);
    expect([...curve.tpr]).toEqual([0, 0, 1, 1]);
    expect([...curve.thresholds]).toEqual([Number.POSITIVE_INFINITY, 9, 5, 1]);
  });

  it('encloses the AUROC', () => {
    const u = unit('roc', 400).map((x) => Math.round(x * 50));
    const l = Uint8Array.from(u, (x, i) => +(x + (i % 30) > 40));
    const { fpr, tpr } = rocCurve(l, u);
    let area = 0;
    for (let i = 1; i < fpr.length; i++) area += ((fpr[i] - fpr[i - 1]) * (tpr[i] + tpr[i - 1])) / 2;
    expect(area).toBeCloseTo(auroc(l, u), 13);
  });

  it('has two points for constant scores, and refuses one class', () => {
    expect([...rocCurve([0, 1], [2, 2]).tpr]).toEqual([0, 1]);
    expect(() => rocCurve([1], [2])).toThrow('rocCurve: needs both classes, got 1 anomalous of 1');
  });
});
