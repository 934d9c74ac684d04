import { describe, expect, it } from 'vitest';
import { precisionRecallCurve } from './precision-recall-curve.js';

describe('precisionRecallCurve', () => {
  it("has the points of scikit-learn's precision_recall_curve", () => {
    const { precision, recall, thresholds } = precisionRecallCurve(
      [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1],
      [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.05, 0.8, 0.2, 0.9, 0.35, 0.6],
    );
    expect([...precision]).toEqual([
      0.5, 0.45454545454545453, 0.5, 0.5555555555555556, 0.7142857142857143, 0.75, 0.6666666666666666, 1, 1,
    ]);
    expect([...recall]).toEqual([
      1, 0.8333333333333334, 0.8333333333333334, 0.8333333333333334, 0.8333333333333334, 0.5,
      0.3333333333333333, 0.16666666666666666, 0,
    ]);
    expect([...thresholds]).toEqual([0.05, 0.1, 0.2, 0.35, 0.4, 0.6, 0.8, 0.9]);
  });

  it('refuses one class', () => {
    expect(() => precisionRecallCurve([0], [2])).toThrow(
      'precisionRecallCurve: needs both classes, got 0 anomalous of 1',
    );
  });
});
