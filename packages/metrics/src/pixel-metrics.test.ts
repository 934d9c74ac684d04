import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomSet } from '../testing/brute-force.js';
import { aupro, auroc, averagePrecision, f1Max, PixelMetrics } from './index.js';

const [n, h, w] = [9, 12, 10];
const size = h * w;

function images(masks: Uint8Array, maps: ArrayLike<number>) {
  return Array.from({ length: n }, (_, i) => ({
    mask: masks.subarray(i * size, (i + 1) * size),
    map: Array.prototype.slice.call(maps, i * size, (i + 1) * size) as number[],
  }));
}

function accumulate(list: ReturnType<typeof images>): PixelMetrics {
  const metrics = new PixelMetrics();
  for (const { mask, map } of list) metrics.add(mask, map, { shape: [h, w] });
  return metrics;
}

describe('PixelMetrics', () => {
  it.each([4, 50, 1e9])(
    'gives exactly the numbers of the batch, in any order and merge (%d levels)',
    (levels) => {
      const { masks, maps } = randomSet(`stream.${levels}`, [n, h, w], { levels });
      const expected = {
        auroc: auroc(masks, maps),
        averagePrecision: averagePrecision(masks, maps),
        f1Max: f1Max(masks, maps),
        aupro: aupro(masks, maps, { shape: [n, h, w] }),
        aupros: [],
      };
      const list = images(masks, maps);
      expect(accumulate(list).compute()).toEqual(expected);
      expect(accumulate(list.toReversed()).compute()).toEqual(expected);
      for (let split = 0; split <= n; split++) {
        const a = accumulate(list.slice(0, split));
        const b = accumulate(list.slice(split));
        expect(b.merge(a).compute()).toEqual(expected);
      }
      const single = list.map((image) => accumulate([image]));
      expect(single.reduceRight((all, one) => all.merge(one)).compute()).toEqual(expected);
    },
  );

  it('mixes images that float32 holds with images that it does not', () => {
    const { masks, maps } = randomSet('stream.mixed', [n, h, w]);
    const mixed = Array.from(maps, (x, i) => (i < 2 * size ? x : x / 3 + 0.2));
    const result = accumulate(images(masks, mixed)).compute();
    expect(result.auroc).toBe(auroc(masks, mixed));
    expect(result.aupro).toBe(aupro(masks, mixed, { shape: [n, h, w] }));
    expect(result.f1Max).toEqual(f1Max(masks, mixed));
  });

  it('leaves the merged set as it was, keeps no view of the arrays, goes on after compute', () => {
    const { masks, maps } = randomSet('stream.merge', [n, h, w]);
    const list = images(masks, maps);
    const a = accumulate(list.slice(0, 4));
    const b = accumulate(list.slice(4));
    const before = b.compute();
    a.merge(b);
    expect(b.compute()).toEqual(before);
    const map = Float32Array.from(list[0].map);
    const mask = list[0].mask.slice();
    const c = new PixelMetrics().add(mask, map, { shape: [h, w] });
    map.fill(0);
    mask.fill(0);
    expect(c.compute()).toEqual(accumulate(list.slice(0, 1)).compute());
    c.add(list[1].mask, list[1].map, { shape: [h, w] });
    expect(c.compute()).toEqual(accumulate(list.slice(0, 2)).compute());
    expect(a.merge(a).compute().auroc).toBeCloseTo(auroc(masks, maps), 14);
  });

  it('gives the same numbers from a spill directory, merges copies, and removes its files', () => {
    const directory = mkdtempSync(join(tmpdir(), 'ddad-pixel-metrics-'));
    const { masks, maps } = randomSet('stream.spill', [n, h, w], { levels: 60 });
    const list = images(masks, maps);
    const expected = accumulate(list).compute();
    const a = new PixelMetrics({ spill: join(directory, 'made', 'here') });
    const b = new PixelMetrics({ spill: directory });
    for (const { mask, map } of list.slice(0, 3)) a.add(mask, map, { shape: [h, w] });
    for (const { mask, map } of list.slice(3)) b.add(mask, map, { shape: [h, w] });
    expect(a.compute()).toEqual(accumulate(list.slice(0, 3)).compute());
    const before = b.compute();
    const inMemory = accumulate(list.slice(0, 3));
    a.merge(b);
    inMemory.merge(b);
    expect(b.compute()).toEqual(before);
    b.dispose();
    expect(a.compute()).toEqual(expected);
    expect(a.compute({ limit: 0.1 })).toEqual(accumulate(list).compute({ limit: 0.1 }));
    expect(inMemory.compute()).toEqual(expected);
    a.dispose();
    const left = readdirSync(directory, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).toEqual([]);
    expect(() => new PixelMetrics({ spill: directory }).compute()).toThrow(
      'needs at least one image, got none',
    );
  });

  it('merges sets of very many images', () => {
    const many = new PixelMetrics();
    for (let i = 0; i < 150_000; i++) many.add([i % 2], [i % 7], { shape: [1, 1] });
    const all = new PixelMetrics().merge(many).compute();
    expect(all).toEqual(many.compute());
  });

  it('takes images of different sizes and another limit', () => {
    const metrics = new PixelMetrics()
      .add([1, 0], [2, 1], { shape: [1, 2] })
      .add([0, 0, 1], [0, 3, 1], { shape: [3, 1] });
    const joined = { masks: [1, 0, 0, 0, 0, 1], maps: [2, 1, 0.5, 0, 3, 1] };
    expect(metrics.compute({ limit: 1 }).auroc).toBe(auroc([1, 0, 0, 0, 1], [2, 1, 0, 3, 1]));
    expect(metrics.add([0], [0.5], { shape: [1, 1] }).compute({ limit: 1 }).aupro).toBeCloseTo(
      aupro(joined.masks, joined.maps, { shape: [1, 1, 6], limit: 1 }),
      14,
    );
  });

  it('refuses degenerate input and stays as it was', () => {
    const metrics = new PixelMetrics();
    expect(() => metrics.compute()).toThrow('PixelMetrics.compute: needs at least one image, got none');
    expect(() => metrics.add([1, 0], [1], { shape: [1, 2] })).toThrow(
      'PixelMetrics.add: shape [1, 2] needs 2 mask and map pixels, got 2 mask and 1 map pixels',
    );
    expect(() => metrics.add([1, 0], [1, Number.NaN], { shape: [1, 2] })).toThrow(
      'PixelMetrics.add: maps must be finite, got NaN at row 0, column 1',
    );
    metrics.add([0, 0], [1, 2], { shape: [1, 2] });
    expect(() => metrics.compute()).toThrow(
      'PixelMetrics.compute: needs at least one defect region, got 0 defect pixels of 2',
    );
    expect(() => metrics.compute({ limit: 0 })).toThrow(
      'PixelMetrics.compute: limit must be in (0, 1], got 0',
    );
    const full = new PixelMetrics().add([1], [1], { shape: [1, 1] });
    expect(() => full.compute()).toThrow(
      'PixelMetrics.compute: needs at least one normal pixel, got 1 defect pixels of 1',
    );
  });
});
