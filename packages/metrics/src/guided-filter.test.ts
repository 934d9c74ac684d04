import { unit } from '@ddad/testing';
import { expect, test } from 'vitest';
import { guidedFilter } from './guided-filter.js';

const [height, width] = [9, 13];
const area = height * width;
const plane = (name: string) => Float32Array.from(unit(name, area));

/** The windows that a pixel lies in, as lists of their pixels. */
function windowAt(at: number, radius: number): number[] {
  const [x, y] = [at % width, Math.floor(at / width)];
  return [...Array(area).keys()].filter(
    (i) => Math.abs((i % width) - x) <= radius && Math.abs(Math.floor(i / width) - y) <= radius,
  );
}

/** Ridge regression of one window by gradient descent on what the paper minimizes (its equation 20), not by its solution. */
function fit(values: Float32Array, guide: Float32Array[], pixels: number[], regularization: number) {
  const slopes = guide.map(() => 0);
  let offset = 0;
  for (let step = 0; step < 1500; step++) {
    const downhill = guide.map((_, c) => regularization * slopes[c]);
    let downOffset = 0;
    for (const i of pixels) {
      const error = offset + guide.reduce((sum, g, c) => sum + slopes[c] * g[i], 0) - values[i];
      downOffset += error / pixels.length;
      for (const [c, g] of guide.entries()) downhill[c] += (error * g[i]) / pixels.length;
    }
    offset -= 0.7 * downOffset;
    for (const [c, down] of downhill.entries()) slopes[c] -= 0.7 * down;
  }
  return { slopes, offset };
}

test.each([1, 3])('with %d channels it is the average of the best linear fits of all windows', (channels) => {
  const radius = 1;
  const regularization = 0.02;
  const values = plane('values');
  const guide = Array.from({ length: channels }, (_, c) => plane(`guide ${c}`));
  const got = guidedFilter(values, guide, { shape: [height, width], radius, regularization });
  for (const at of [0, 4 * width + 6, 8 * width + 3]) {
    const around = windowAt(at, radius);
    const fits = around.map((of) => fit(values, guide, windowAt(of, radius), regularization));
    const mean = fits.map(({ slopes, offset }) =>
      slopes.reduce((sum, a, c) => sum + a * guide[c][at], offset),
    );
    expect(got[at]).toBeCloseTo(mean.reduce((a, b) => a + b) / mean.length, 4);
  }
});

test('a linear function of the guide stays what it is, a flat guide gives a mean of means', () => {
  const guide = [plane('a'), plane('b'), plane('c')];
  const linear = guide[0].map((a, i) => 0.3 + 2 * a - guide[1][i] + 0.5 * guide[2][i]);
  const shape = [height, width] as const;
  const kept = guidedFilter(linear, guide, { shape, radius: 3, regularization: 1e-9 });
  for (const [i, value] of kept.entries()) expect(value).toBeCloseTo(linear[i], 4);
  const flat = guidedFilter(linear, [new Float32Array(area).fill(0.6)], {
    ...{ shape, radius: 3, regularization: 1e-4 },
  });
  const meanOf = (of: (i: number) => number, at: number) => {
    const pixels = windowAt(at, 3);
    return pixels.reduce((sum, i) => sum + of(i), 0) / pixels.length;
  };
  for (const at of [0, 60]) {
    expect(flat[at]).toBeCloseTo(
      meanOf((i) => meanOf((k) => linear[k], i), at),
      5,
    );
  }
});

test('equal channels, of which none says more than another, give what one gives', () => {
  const values = plane('values');
  const gray = plane('gray');
  const options = { shape: [height, width] as const, radius: 2 };
  const one = guidedFilter(values, [gray], { ...options, regularization: 1e-4 / 3 });
  const three = guidedFilter(values, [gray, gray, gray], { ...options, regularization: 1e-4 });
  for (const [i, value] of three.entries()) expect(value).toBeCloseTo(one[i], 4);
});
