import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode-image.js';
import { encodePng } from './encode-png.js';

describe('encodePng', () => {
  it.each([1, 2, 3, 4])('keeps every value of %i channels', async (channels) => {
    const data = Uint8Array.from({ length: 12 * channels }, (_, i) => (i * 37) % 256);
    const pixels = { data, width: 4, height: 3, channels };
    expect(await decodeImage(encodePng(pixels))).toEqual(pixels);
  });

  it('refuses other lengths', () => {
    expect(() => encodePng({ data: new Uint8Array(7), width: 2, height: 1, channels: 3 })).toThrow(
      'encodePng: 2x1x3 pixels need 6 bytes, got 7',
    );
  });
});
