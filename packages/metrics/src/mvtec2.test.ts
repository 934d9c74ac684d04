import { goldenJson, uniform, unit } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { aupro, goodPixelThreshold, PixelMetrics, segF1 } from './index.js';

interface Case {
  name: string;
  images: number;
  defects: number;
  good: number;
  regions: number;
  threshold: number;
  segF1: number;
  aupro05: number;
}

const [height, width] = [40, 48];
const area = height * width;

/** As tools/fixtures/mvtec2-peer.py makes them. */
function made(name: string, images: number, defects: number) {
  const coarse = uniform(`${name}.coarse`, [images, height / 4, width / 4]);
  const fine = uniform(`${name}.fine`, [images, height, width]);
  const places = uniform(`${name}.places`, [images, defects, 4]);
  return Array.from({ length: images }, (_, i) => {
    const mask = new Uint8Array(area);
    for (let k = 0; i % 3 && k < defects; k++) {
      const [y, x, h, w] = [0, 1, 2, 3].map((part) => (places[(i * defects + k) * 4 + part] + 1) / 2);
      const [top, left] = [Math.floor(y * (height - 8)), Math.floor(x * (width - 8))];
      for (let row = top; row < top + 2 + Math.floor(h * 6); row++) {
        mask.fill(255, row * width + left, row * width + left + 2 + Math.floor(w * 6));
      }
    }
    const map = Float32Array.from({ length: area }, (_, at) => {
      const block = (i * height + Math.floor(at / width)) >> 2;
      const value = coarse[(block * width) / 4 + ((at % width) >> 2)] + fine[i * area + at] / 2;
      return Math.fround(value) + (mask[at] ? 1.25 : 0);
    });
    return { mask, map };
  });
}

const { cases } = goldenJson<{ cases: Case[] }>('mvtec2');

describe.each(cases)("MVTec AD 2's protocol, $name", (peer) => {
  const { name, images, defects, good } = peer;
  const set = made(name, images, defects);
  const threshold = goodPixelThreshold(made(`${name}.good`, good, 0).map(({ map }) => map));

  it('takes its threshold from good images as numpy does', () => {
    expect(threshold / peer.threshold).toBeCloseTo(1, 12);
  });

  it('gives SegF1 as scikit-learn does', () => {
    expect(segF1(set, { threshold })).toBeCloseTo(peer.segF1, 12);
  });

  it('gives AU-PRO at 0.05 by its definition, together with that at 0.3', () => {
    const pixels = new PixelMetrics();
    for (const { mask, map } of set) pixels.add(mask, map, { shape: [height, width] });
    const { aupro: atDefault, aupros } = pixels.compute({ limits: [0.05, 0.3] });
    expect(aupros[0]).toBeCloseTo(peer.aupro05, 10);
    expect(aupros[1]).toBe(atDefault);
    const [masks, maps] = [set.flatMap(({ mask }) => [...mask]), set.flatMap(({ map }) => [...map])];
    expect(aupro(masks, maps, { shape: [images, height, width], limit: 0.05 })).toBe(aupros[0]);
  });
});

describe('segF1', () => {
  it('counts a pixel at the threshold, over images of any size', () => {
    const images = [
      { mask: [0, 1, 1], map: [3, 3, 1] },
      { mask: [0], map: [2] },
    ];
    // one found of two defects and three predicted; then both of four; then none
    expect(segF1(images, { threshold: 2 })).toBe((2 * 1) / (3 + 2));
    expect(segF1(images, { threshold: Number.NEGATIVE_INFINITY })).toBe((2 * 2) / (4 + 2));
    expect(segF1(images, { threshold: Number.POSITIVE_INFINITY })).toBe(0);
  });

  it.each([
    [[{ mask: [0, 0], map: [1, 2] }], 1, 'needs at least one defect pixel, got none in 1 images'],
    [[], 1, 'needs at least one defect pixel, got none in 0 images'],
    [[{ mask: [1], map: [1, 2] }], 1, 'mask and map of image 0 must have as many pixels, got 1 and 2'],
    [[{ mask: [1], map: [Number.NaN] }], 1, 'maps must be finite, got NaN at pixel 0 of image 0'],
    [[{ mask: [Number.NaN], map: [1] }], 1, 'masks must hold numbers, got NaN at pixel 0 of image 0'],
    [[{ mask: [1], map: [1] }], Number.NaN, 'threshold must be a number, got NaN'],
  ])('refuses what it cannot use (%#)', (images, threshold, message) => {
    expect(() => segF1(images, { threshold })).toThrow(`segF1: ${message}`);
  });
});

describe('goodPixelThreshold', () => {
  it('does not lose the spread beside a large mean, whatever the images are parted into', () => {
    const values = Float64Array.from(unit('good-pixels', 3000), (value) => 1e9 + value);
    const mean = values.reduce((sum, value) => sum + (value - 1e9), 0) / values.length;
    const spread = Math.sqrt(
      values.reduce((sum, value) => sum + (value - 1e9 - mean) ** 2, 0) / values.length,
    );
    for (const maps of [[values], [values.slice(0, 7), values.slice(7)]]) {
      expect(goodPixelThreshold(maps, { deviations: 2 }) - 1e9).toBeCloseTo(mean + 2 * spread, 4);
    }
    expect(goodPixelThreshold([[5, 5]])).toBe(5);
  });

  it('refuses what it cannot use', () => {
    expect(() => goodPixelThreshold([])).toThrow('goodPixelThreshold: needs at least one pixel, got 0 maps');
    expect(() => goodPixelThreshold([[1], [1, Number.NaN]])).toThrow('got NaN at pixel 1 of image 1');
    expect(() => goodPixelThreshold([[1]], { deviations: Number.NaN })).toThrow(
      'deviations must be a finite',
    );
  });
});
