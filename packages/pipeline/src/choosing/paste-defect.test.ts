import { uniform } from '@ddad/nn';
import { expect, test } from 'vitest';
import { pasteDefect } from './paste-defect.js';

const size = 64;
const image = (seed: number, channels = 3) =>
  Uint8Array.from(uniform(seed, size * size * channels), (value) => 60 + 120 * value);
const colour = image(1);
const options = (seed: number) => ({ size, other: image(2), seed });

test('the same seed gives the same defect, another one another', () => {
  expect(pasteDefect(colour, options(5))).toEqual(pasteDefect(colour, options(5)));
  expect(pasteDefect(colour, options(5))).not.toEqual(pasteDefect(colour, options(6)));
});

test('the mask is where the image changed visibly, on every one of 200 images, from small to large', () => {
  const shares = Array.from({ length: 200 }, (_, seed) => {
    const before = colour.slice();
    const { image, mask } = pasteDefect(colour, options(seed));
    expect(colour).toEqual(before);
    let changed = 0;
    let wrong = 0;
    for (let pixel = 0; pixel < size * size; pixel++) {
      const largest = Math.max(
        ...[0, 1, 2].map((c) => Math.abs(image[3 * pixel + c] - colour[3 * pixel + c])),
      );
      if (mask[pixel] !== (largest >= 10 ? 255 : 0)) wrong++;
      if (mask[pixel]) changed++;
    }
    expect(wrong).toBe(0);
    expect(changed).toBeGreaterThan(0);
    return changed / size ** 2;
  }).sort((a, b) => a - b);
  expect(shares[20]).toBeLessThan(0.005);
  expect(shares[180]).toBeGreaterThan(0.02);
  expect(shares[199]).toBeLessThan(0.4);
});

test('what is gray stays gray', () => {
  const gray = (seed: number) => {
    const one = image(seed, 1);
    return Uint8Array.from({ length: 3 * size * size }, (_, i) => one[Math.floor(i / 3)]);
  };
  for (let seed = 0; seed < 30; seed++) {
    const { image } = pasteDefect(gray(1), { size, other: gray(2), seed });
    expect(image.every((value, i) => value === image[i - (i % 3)])).toBe(true);
  }
});
