import { uniform } from '@ddad/testing';
import { expect, it } from 'vitest';
import { PositionSample } from './sample-positions.js';

const channels = 3;
const values = uniform('values', [40, 50, channels]);

/** Samples `limit` of the 50 positions of each of these images. */
function sample(images: number[], limit: number, seed = 7) {
  const found = new PositionSample({ limit, seed, channels });
  for (const image of images)
    for (let position = 0; position < 50; position++)
      found.offer(image, position, values, (image * 50 + position) * channels);
  return found.take();
}
const all = Array.from({ length: 40 }, (_, i) => i);

it('keeps so many, each with its own features, in order', () => {
  const { values: kept, images, positions } = sample(all, 300);
  expect(images).toHaveLength(300);
  for (let i = 0; i < 300; i++) {
    const at = images[i] * 50 + positions[i];
    if (i > 0) expect(at).toBeGreaterThan(images[i - 1] * 50 + positions[i - 1]);
    expect(kept.slice(i * channels, (i + 1) * channels)).toEqual(
      values.slice(at * channels, (at + 1) * channels),
    );
  }
  expect(sample([3], 300).positions).toEqual(Int32Array.from({ length: 50 }, (_, i) => i));
});

it('does not depend on the order of the images, but on the seed', () => {
  expect(sample([...all].reverse(), 300)).toEqual(sample(all, 300));
  expect(sample(all, 300, 8)).not.toEqual(sample(all, 300));
});

it('a smaller sample is part of a larger one', () => {
  const larger = sample(all, 300);
  const places = new Set([...larger.images].map((image, i) => image * 50 + larger.positions[i]));
  const { images, positions } = sample(all, 100);
  expect([...images].every((image, i) => places.has(image * 50 + positions[i]))).toBe(true);
});

it('is uniform over images and positions', () => {
  // 60 seeds of 200 of 2000: each position about 6 times, chi-squared with 1999 degrees of freedom
  const counts = new Float64Array(2000);
  for (let seed = 0; seed < 60; seed++) {
    const { images, positions } = sample(all, 200, seed);
    images.forEach((image, i) => {
      counts[image * 50 + positions[i]]++;
    });
  }
  const chi = counts.reduce((sum, count) => sum + (count - 6) ** 2 / (6 * 0.9), 0);
  expect(Math.abs(chi - 1999)).toBeLessThan(5 * Math.sqrt(2 * 1999));
});
