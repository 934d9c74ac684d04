import { expect, it } from 'vitest';
import { decodeImage } from './decode-image.js';
import { encodeJpeg } from './encode-jpeg.js';

/** A slope of each colour, which a JPEG keeps well. */
const slope = (channels: number) => {
  const data = Uint8Array.from({ length: 48 * 32 * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return 40 + (pixel % 48) * 3 + 2 * (i % channels);
  });
  return { data, width: 48, height: 32, channels };
};

it.each([1, 3])('what libjpeg reads is within 4 of 255, %i channels', async (channels) => {
  const pixels = slope(channels);
  const file = await encodeJpeg(pixels, { quality: 95 });
  expect([...file.subarray(0, 2)]).toEqual([0xff, 0xd8]);
  const read = await decodeImage(file);
  const at = (i: number) => (channels === 1 ? read.data[i] : read.data[4 * Math.floor(i / 3) + (i % 3)]);
  expect(Math.max(...pixels.data.map((value, i) => Math.abs(value - at(i)!)))).toBeLessThanOrEqual(4);
});

it('a higher quality takes more bytes, and many at once are each their own', async () => {
  const [low, high] = await Promise.all([40, 95].map((quality) => encodeJpeg(slope(3), { quality })));
  expect(low!.length).toBeLessThan(high!.length);
  expect(await encodeJpeg(slope(3), { quality: 40 })).toEqual(low);
});

it('transparency is left out; what cannot be is refused', async () => {
  const { width, height } = slope(4);
  expect(await decodeImage(await encodeJpeg(slope(4)))).toMatchObject({ width, height });
  await expect(encodeJpeg(slope(3), { quality: 101 })).rejects.toThrow(
    'quality must be in [0, 100], got 101',
  );
  await expect(encodeJpeg({ ...slope(3), width: 3 })).rejects.toThrow('encodeJpeg: 3x32x3 pixels need');
});
