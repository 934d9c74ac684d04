import { describe, expect, it } from 'vitest';
import { areaUpTo, floodRegions, proPoints, randomSet } from '../testing/brute-force.js';
import { aupro } from './aupro.js';

const shape = [4, 9, 11] as const;

describe('aupro', () => {
  it('equals its definition, threshold by threshold, with and without ties', () => {
    for (const levels of [1, 2, 5, 20, 1e9]) {
      const { masks, maps } = randomSet(`aupro.${levels}`, shape, { levels });
      const points = proPoints(masks, maps, shape);
      for (const limit of [0.01, 0.05, 0.3, 0.77, 1]) {
        expect(aupro(masks, maps, { shape, limit })).toBeCloseTo(areaUpTo(points, limit), 12);
      }
      expect(aupro(masks, maps, { shape })).toBe(aupro(masks, maps, { shape, limit: 0.3 }));
    }
  });

  it('gives the same for doubles that float32 does not hold, plain arrays and any non-zero mask value', () => {
    const { masks, maps } = randomSet('aupro.doubles', shape);
    const doubles = Float64Array.from(maps, (x) => x / 3);
    const exact = aupro(masks, maps, { shape });
    expect(aupro(masks, doubles, { shape })).toBe(exact);
    expect(aupro([...masks], [...doubles], { shape })).toBe(exact);
    expect(
      aupro(
        masks.map((m) => m * 255),
        maps,
        { shape },
      ),
    ).toBe(exact);
    const oneDouble = Array.from(maps, (x, i) => (i === 0 ? x + 1e-12 : x));
    expect(aupro(masks, oneDouble, { shape })).toBeCloseTo(exact, 12);
  });

  it('equals its definition on sets large enough for the radix sort', () => {
    const large = [8, 40, 40] as const;
    const { masks, maps } = randomSet('aupro.large', large, { levels: 300, blobs: 60 });
    const expected = areaUpTo(proPoints(masks, maps, large), 0.3);
    expect(aupro(masks, maps, { shape: large })).toBeCloseTo(expected, 12);
    expect(
      aupro(
        masks,
        Float64Array.from(maps, (x) => x / 3),
        { shape: large },
      ),
    ).toBeCloseTo(expected, 12);
  });

  it('is unchanged by a monotone map of the scores; the reference mode is not', () => {
    const { masks, maps } = randomSet('aupro.monotone', [6, 24, 24]);
    const set = { shape: [6, 24, 24] as const };
    const skewed = Float64Array.from(maps, (x) => Math.exp(12 * x));
    expect(aupro(masks, skewed, set)).toBe(aupro(masks, maps, set));
    const reference = aupro(masks, maps, { ...set, mode: 'ddad' });
    expect(Math.abs(aupro(masks, skewed, { ...set, mode: 'ddad' }) - reference)).toBeGreaterThan(0.02);
  });

  it('counts every region alike and is unchanged when all images come twice', () => {
    const { masks, maps } = randomSet('aupro.twice', shape);
    const twice = aupro([...masks, ...masks], [...maps, ...maps], { shape: [8, 9, 11] });
    expect(twice).toBeCloseTo(aupro(masks, maps, { shape }), 12);
    // a region of 1 pixel found, one of 4 missed
    expect(aupro([1, 0, 1, 1, 1, 1, 0, 0], [9, 5, 1, 1, 1, 1, 4, 3], { shape: [1, 1, 8] })).toBeCloseTo(
      0.5,
      14,
    );
  });

  it('has the values of the formulae at the ends', () => {
    expect(aupro([1, 0, 0, 0], [2, 2, 2, 2], { shape: [1, 2, 2] })).toBeCloseTo(0.15, 14);
    expect(aupro([1, 0, 0, 0], [3, 2, 2, 1], { shape: [1, 2, 2] })).toBe(1);
    expect(aupro([1, 0, 0, 0], [0, 2, 2, 1], { shape: [1, 2, 2] })).toBe(0);
  });

  it('refuses degenerate input, saying where', () => {
    const set = { shape: [1, 1, 2] as const };
    expect(() => aupro([0, 0], [1, 2], set)).toThrow(
      'aupro: needs at least one defect region, got 0 defect pixels of 2',
    );
    expect(() => aupro([1, 1], [1, 2], set)).toThrow(
      'aupro: needs at least one normal pixel, got 2 defect pixels of 2',
    );
    expect(() => aupro([1, 0], [1], set)).toThrow(
      'aupro: shape [1, 1, 2] needs 2 mask and map pixels, got 2 mask and 1 map pixels',
    );
    expect(() => aupro([], [], { shape: [0, 2, 2] })).toThrow(
      'aupro: shape must hold positive whole numbers, got [0, 2, 2]',
    );
    const maps = new Float32Array(2 * 3 * 4).fill(1);
    maps[12 + 4 + 2] = Number.NaN;
    expect(() => aupro(new Uint8Array(24), maps, { shape: [2, 3, 4] })).toThrow(
      'aupro: maps must be finite, got NaN at row 1, column 2 of image 1',
    );
    expect(() => aupro([1, 0], [1, Number.POSITIVE_INFINITY], set)).toThrow(
      'got Infinity at row 0, column 1 of image 0',
    );
    expect(() => aupro([Number.NaN, 0], [1, 2], set)).toThrow(
      'aupro: masks must hold numbers, got NaN at row 0',
    );
    expect(() => aupro([true, false] as unknown as number[], [1, 2], set)).toThrow(
      'aupro: masks must hold numbers, got true at row 0, column 0 of image 0',
    );
    expect(() => aupro([1, 0], ['1', '2'] as unknown as number[], set)).toThrow(
      'aupro: maps must be finite, got 1 at row 0',
    );
    expect(() => aupro([1, 0], [1, 2], { shape: [1, 2] as never })).toThrow(
      'aupro: needs shape: [images, height, width], got [1,2]',
    );
    expect(() => aupro([1, 0], [1, 2], {} as never)).toThrow(
      'aupro: needs shape: [images, height, width], got none',
    );
    for (const limit of [0, 1.1, Number.NaN]) {
      expect(() => aupro([1, 0], [1, 2], { ...set, limit })).toThrow('aupro: limit must be in (0, 1], got');
    }
    expect(() => aupro([1, 0], [1, 2], { ...set, mode: 'fast' as 'exact' })).toThrow(
      "aupro: mode must be 'exact' or 'ddad', got 'fast'",
    );
  });
});

describe("aupro, mode 'ddad'", () => {
  /** The reference's loop, threshold by threshold, in float32 as there. */
  function reference(masks: ArrayLike<number>, maps: Float32Array, set: readonly [number, number, number]) {
    const { regions, normals } = floodRegions(masks, set, (m) => m === 1);
    const min = Math.min(...maps);
    const range = Math.fround(Math.max(...maps) - min);
    const scaled = maps.map((s) => Math.fround(s - min) / range);
    const weight = Array.from(masks).reduce((sum, m) => sum + 1 - m, 0);
    const points = Array.from({ length: 200 }, (_, k) => {
      const t = Math.fround(k * 0.005);
      const share = (pixels: number[]) => pixels.filter((i) => scaled[i] > t).length;
      const pro = regions.reduce((sum, r) => sum + share(r) / r.length, 0) / regions.length;
      return { fpr: share(normals) / weight, pro };
    }).filter(({ fpr }) => fpr < 0.3);
    const largest = points[0].fpr;
    let area = 0;
    for (let i = 1; i < points.length; i++) {
      area += ((points[i - 1].fpr - points[i].fpr) / largest) * ((points[i - 1].pro + points[i].pro) / 2);
    }
    return area;
  }

  it('equals the loop of the reference, fractional mask edges included', () => {
    for (const levels of [37, 200, 1e9]) {
      const { masks, maps } = randomSet(`ddad.${levels}`, shape, { levels });
      const soft = Float32Array.from(masks, (m, i) => (m === 1 && i % 5 === 0 ? 0.4 : m));
      expect(aupro(masks, maps, { shape, mode: 'ddad' })).toBeCloseTo(reference(masks, maps, shape), 12);
      expect(aupro(soft, maps, { shape, mode: 'ddad' })).toBeCloseTo(reference(soft, maps, shape), 12);
    }
  });

  it('refuses what has no answer', () => {
    const set = { shape: [1, 2, 2] as const, mode: 'ddad' as const };
    expect(() => aupro([1, 0, 0, 0], [2, 2, 2, 2], set)).toThrow(
      "aupro: mode 'ddad' has no answer for constant scores, all are 2",
    );
    expect(() => aupro([1, 0, 0, 0], [0, 2, 2, 2], set)).toThrow(
      "aupro: mode 'ddad' needs two of its 200 points with 0 <= FPR < 0.3, one of them above 0, got 0",
    );
    expect(() => aupro([255, 0, 0, 0], [3, 2, 1, 1], set)).toThrow(
      "aupro: mode 'ddad' needs masks in [0, 1], got 255 in image 0; divide by 255?",
    );
    expect(() => aupro([0.5, 0, 0, 0], [3, 2, 1, 1], set)).toThrow(
      "aupro: mode 'ddad' needs at least one region of mask pixels equal to 1, got 0",
    );
    expect(() => aupro([1, 1, 1, 1], [3, 2, 1, 1], set)).toThrow(
      'aupro: needs at least one normal pixel, got 0',
    );
    expect(() => aupro([1, 0, 0, 0], [3, 2, Number.NaN, 1], set)).toThrow(
      'aupro: maps must be finite, got NaN at row 1, column 0 of image 0',
    );
  });
});
