import { describe, expect, it } from 'vitest';
import { youdenThreshold } from './youden-threshold.js';

describe('youdenThreshold', () => {
  it("is the argmax of TPR - FPR over scikit-learn's roc_curve", () => {
    const labels = [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1];
    const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.05, 0.8, 0.2, 0.9, 0.35, 0.6];
    expect(youdenThreshold(labels, scores)).toBe(0.4);
    expect(youdenThreshold([0, 0, 0, 0, 1, 1, 1, 1, 0], [1, 2, 3, 4, 5, 6, 7, 8, 9])).toBe(5);
  });

  it('of equal ones takes the highest', () => {
    expect(youdenThreshold([1, 0, 1, 0], [4, 3, 2, 1])).toBe(4);
  });

  it('is infinite when every threshold is worse than none', () => {
    expect(youdenThreshold([0, 1], [2, 1])).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses one class', () => {
    expect(() => youdenThreshold([0], [2])).toThrow(
      'youdenThreshold: needs both classes, got 0 anomalous of 1',
    );
  });
});
