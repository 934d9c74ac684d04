import { decode } from 'image-js';
import { describe, expect, it } from 'vitest';
import { panel } from './panel.js';

describe('panel', () => {
  const plain = (value: number, width: number, height: number) => ({
    data: new Uint8Array(3 * width * height).fill(value),
    width,
    height,
  });

  it('puts images side by side with gaps, row by row', () => {
    const out = decode(panel([plain(10, 2, 2), plain(20, 3, 1), plain(30, 1, 1)], { gap: 1, columns: 2 }));
    expect([out.width, out.height]).toEqual([9, 7]);
    const red = Array.from({ length: out.height }, (_, y) =>
      Array.from({ length: out.width }, (_, x) => out.getPixel(x, y)[0]),
    );
    const w = 255;
    expect(red).toEqual([
      [w, w, w, w, w, w, w, w, w],
      [w, 10, 10, w, w, 20, 20, 20, w],
      [w, 10, 10, w, w, w, w, w, w],
      [w, w, w, w, w, w, w, w, w],
      [w, 30, w, w, w, w, w, w, w],
      [w, w, w, w, w, w, w, w, w],
      [w, w, w, w, w, w, w, w, w],
    ]);
  });

  it('refuses nothing and data of another size', () => {
    expect(() => panel([])).toThrow('panel: needs at least one image, got none');
    expect(() => panel([{ data: new Uint8Array(5), width: 1, height: 1 }])).toThrow('panel: image 0: 1 x 1');
    expect(() => panel([plain(1, 1, 1)], { columns: 0 })).toThrow(
      'panel: columns must be a positive whole number, got 0',
    );
  });
});
