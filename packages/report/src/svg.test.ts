import { describe, expect, it } from 'vitest';
import { curveSvg } from './curve-svg.js';
import { histogramSvg } from './histogram-svg.js';
import { ticks } from './svg-axes.js';

const labels = { title: 'a < b & "c"', xLabel: 'x', yLabel: 'y' };

function polylines(svg: string): [number, number][][] {
  return [...svg.matchAll(/points="([^"]*)"/g)].map(([, points]) =>
    points.split(' ').map((p) => p.split(',').map(Number) as [number, number]),
  );
}

describe('curveSvg', () => {
  it('draws from corner to corner of the plot', () => {
    const svg = curveSvg([{ name: 'one', x: [0, 0.5, 1], y: [0, 1, 0.5] }], {
      ...labels,
      xRange: [0, 1],
      yRange: [0, 1],
    });
    expect(polylines(svg)).toEqual([
      [
        [52, 252],
        [220, 34],
        [388, 143],
      ],
    ]);
  });

  it('escapes titles and names and is well-formed', () => {
    const svg = curveSvg(
      [
        { name: '<script>', x: [0, 1], y: [0, 1] },
        { name: 'b', x: [0], y: [1] },
      ],
      labels,
    );
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;');
    expect(svg).not.toContain('<script');
    const open = [...svg.matchAll(/<([a-z]+)[^>]*?(\/?)>/gi)].filter(([, , self]) => self === '').length;
    expect(open).toBe([...svg.matchAll(/<\/[a-z]+>/gi)].length);
  });

  it('thins long series but keeps ends and steps', () => {
    const n = 200_000;
    const x = Float64Array.from({ length: n }, (_, i) => i / (n - 1));
    const [points] = polylines(curveSvg([{ name: 'step', x, y: x.map((v) => +(v > 0.5)) }], labels));
    expect(points.length).toBeLessThan(1200);
    expect(points[0]).toEqual([52, 252]);
    expect(points.at(-1)).toEqual([388, 34]);
    expect(points.every(([, y]) => y === 34 || y === 252)).toBe(true);
  });

  it('refuses nothing and unequal lengths', () => {
    expect(() => curveSvg([], labels)).toThrow('curveSvg: needs 1 to 4 series, got 0');
    expect(() => curveSvg([{ name: 'a', x: [1], y: [] }], labels)).toThrow(
      "curveSvg: series 'a' needs as many x as y, at least one, got 1 and 0",
    );
  });
});

describe('histogramSvg', () => {
  const options = { title: 'scores', xLabel: 'score', bins: 4, xRange: [0, 4] as const };

  it('has one bar for each occupied bin, as high as its count', () => {
    const svg = histogramSvg([{ name: 'good', values: [0.5, 0.6, 3.9, 4] }], options);
    const heights = [...svg.matchAll(/height="([\d.]+)"\/>/g)].map(([, h]) => Number(h));
    expect(heights).toEqual([218, 218]);
  });

  it('places the threshold on the axis', () => {
    const svg = histogramSvg([{ name: 'good', values: [1] }], { ...options, threshold: 2 });
    expect(svg).toMatch(/class="threshold" x1="220" x2="220"/);
    expect(histogramSvg([{ name: 'good', values: [1] }], options)).not.toContain('class="threshold"');
  });

  it('refuses nothing and no bins', () => {
    expect(() => histogramSvg([{ name: 'a', values: [] }], options)).toThrow(
      'histogramSvg: needs at least one value',
    );
    expect(() => histogramSvg([{ name: 'a', values: [1] }], { ...options, bins: 0 })).toThrow('got 0');
  });
});

describe('ticks', () => {
  it('are round and inside the range', () => {
    expect(ticks([0, 1])).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks([-3, 17])).toEqual([0, 5, 10, 15]);
    expect(ticks([2, 2])).toEqual([2]);
    for (const high of [1e-9, 0.37, 3, 7.5, 12345, 1e12]) {
      const values = ticks([0, high]);
      expect(values.length).toBeGreaterThanOrEqual(3);
      expect(values.length).toBeLessThanOrEqual(9);
      expect(Math.max(...values)).toBeLessThanOrEqual(high * (1 + 1e-9));
    }
  });
});
