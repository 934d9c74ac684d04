import { describe, expect, it } from 'vitest';
import { randomSet } from '../testing/brute-force.js';
import { aupimo } from './aupimo.js';

const shape = [6, 14, 12] as const;
const size = shape[1] * shape[2];

/** Points by definition: rates of the good images' pixels and of one image's defect pixels, at each distinct score. */
function points(masks: Uint8Array, maps: ArrayLike<number>, image: number, good: number[]) {
  const all = Array.from(maps);
  const normal = good.flatMap((g) => all.slice(g * size, (g + 1) * size));
  const defect = all.slice(image * size, (image + 1) * size).filter((_, i) => masks[image * size + i] !== 0);
  const share = (values: number[], t: number) => values.filter((s) => s >= t).length / values.length;
  const thresholds = [...new Set([...normal, ...defect])].sort((a, b) => b - a);
  return [{ x: 0, y: 0 }, ...thresholds.map((t) => ({ x: share(normal, t), y: share(defect, t) }))];
}

/** Mean of the curve over the logarithm of the rate, on a fine grid. */
function meanOverLog(curve: { x: number; y: number }[], [lower, upper]: readonly [number, number]): number {
  const steps = 200_000;
  let sum = 0;
  for (let k = 0, at = 1; k < steps; k++) {
    const x = lower * (upper / lower) ** ((k + 0.5) / steps);
    while (curve[at].x < x) at++;
    const [a, b] = [curve[at - 1], curve[at]];
    sum += a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
  }
  return sum / steps;
}

describe('aupimo', () => {
  it.each([8, 1e9])('equals a fine numerical integral of the definition (%d levels)', (levels) => {
    const { masks, maps } = randomSet(`aupimo.${levels}`, shape, { levels });
    const good = Array.from({ length: shape[0] }, (_, i) => i).filter(
      (i) => !masks.subarray(i * size, (i + 1) * size).includes(1),
    );
    for (const bounds of [
      [1e-3, 1e-1],
      [0.02, 1],
      [1e-5, 1e-4],
    ] as const) {
      const result = aupimo(masks, maps, { shape, bounds });
      const values: number[] = [];
      result.perImage.forEach((value, image) => {
        if (good.includes(image)) expect(value).toBeNaN();
        else {
          values.push(value);
          expect(value).toBeCloseTo(meanOverLog(points(masks, maps, image, good), bounds), 4);
        }
      });
      expect(result.mean).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 14);
    }
  });

  it('is 1 when every defect pixel is above every good pixel and 0 below; doubles too', () => {
    const masks = [0, 0, 1, 0];
    expect(aupimo(masks, [1, 2, 3, 0], { shape: [2, 1, 2] }).mean).toBeCloseTo(1, 14);
    expect(aupimo(masks, [0.1, 0.2, 0.05, 9], { shape: [2, 1, 2] }).mean).toBe(0);
    expect(aupimo(masks, [0.1, 0.2, 4, 9], { shape: [2, 1, 2] }).mean).toBeCloseTo(1, 14);
  });

  it('is unchanged by a monotone map', () => {
    const { masks, maps } = randomSet('aupimo.monotone', shape);
    const options = { shape, bounds: [1e-2, 0.5] as const };
    const mapped = Float64Array.from(maps, (x) => Math.exp(x));
    expect(aupimo(masks, mapped, options)).toEqual(aupimo(masks, maps, options));
  });

  it('refuses degenerate input', () => {
    const set = { shape: [2, 1, 1] as const };
    expect(() => aupimo([0, 0], [1, 2], set)).toThrow(
      'aupimo: needs good and defective images, got 0 defective of 2',
    );
    expect(() => aupimo([1, 1], [1, 2], set)).toThrow('got 2 defective of 2');
    expect(() => aupimo([0, 1], [1, 2], { ...set, bounds: [0, 1] })).toThrow(
      'aupimo: bounds must satisfy 0 < lower < upper <= 1, got [0, 1]',
    );
    expect(() => aupimo([0, 1], [1, Number.NaN], set)).toThrow(
      'aupimo: maps must be finite, got NaN at row 0, column 0 of image 1',
    );
  });
});
