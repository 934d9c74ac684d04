import { describe, expect, it } from 'vitest';
import { proPoints, randomSet } from '../testing/brute-force.js';
import { proCurve } from './pro-curve.js';

describe('proCurve', () => {
  it('has (0, 0) and one point for each distinct score, as by definition', () => {
    const shape = [4, 9, 11] as const;
    for (const levels of [3, 30, 1e9]) {
      const { masks, maps } = randomSet(`pro.${levels}`, shape, { levels });
      const points = proPoints(masks, maps, shape);
      const curve = proCurve(masks, maps, { shape });
      expect([...curve.thresholds]).toEqual(points.map((p) => p.threshold));
      points.forEach((p, i) => {
        expect(curve.fpr[i]).toBeCloseTo(p.fpr, 14);
        expect(curve.pro[i]).toBeCloseTo(p.pro, 13);
      });
    }
  });

  it('refuses a set without a region', () => {
    expect(() => proCurve([0, 0], [1, 2], { shape: [1, 1, 2] })).toThrow(
      'proCurve: needs at least one defect region, got 0 defect pixels of 2',
    );
  });
});
