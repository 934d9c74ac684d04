import { describe, expect, it } from 'vitest';
import { exifOrientation } from './exif.js';

type Entry = [tag: number, type: number, count: number, value: number];

/** Little-endian EXIF data of these fields; `count` is what they say they are. */
function exif(entries: Entry[], count = entries.length): DataView {
  const view = new DataView(new ArrayBuffer(10 + 12 * entries.length));
  view.setUint32(0, 0x49492a00);
  view.setUint32(4, 8, true);
  view.setUint16(8, count, true);
  entries.forEach(([tag, type, values, value], i) => {
    view.setUint16(10 + 12 * i, tag, true);
    view.setUint16(12 + 12 * i, type, true);
    view.setUint32(14 + 12 * i, values, true);
    view.setUint32(18 + 12 * i, value, true);
  });
  return view;
}

const SIX: Entry = [274, 3, 1, 6];

// What Pillow 13's `exif_transpose` makes of the same bytes.
describe('exifOrientation', () => {
  it.each([
    ['a field of its own', exif([SIX]), 6],
    ['a long one', exif([[274, 4, 1, 8]]), 8],
    ['a field behind others', exif([[256, 4, 1, 9], SIX]), 6],
    ['an impossible count of fields', exif([SIX], 65535), 6],
    ['a field before it that lies beyond the end', exif([[271, 2, 20, 9999], SIX]), 1],
    ['an impossible count of values before it', exif([[271, 2, 0x7fffffff, 8], SIX]), 6],
    ['a field behind it that lies beyond the end', exif([SIX, [305, 2, 20, 9999]]), 6],
    ['a type that there is not before it', exif([[271, 99, 1, 1], SIX]), 6],
    ['two values', exif([[274, 3, 2, 6]]), 6],
    ['the first of two fields', exif([SIX, [274, 3, 1, 3]]), 6],
    ['text', exif([[274, 2, 1, 0x36]]), 1],
    ['0', exif([[274, 3, 1, 0]]), 1],
    ['9', exif([[274, 3, 1, 9]]), 1],
    ['no fields', exif([]), 1],
  ])('reads %s', (_, data, expected) => {
    expect(exifOrientation(data)).toBe(expected);
  });

  it('is 1 for what is no EXIF data', () => {
    const text = Buffer.from('This is not valid EXIF data');
    expect(exifOrientation(new DataView(text.buffer, text.byteOffset, text.length))).toBe(1);
    for (let length = 0; length < 22; length++) {
      expect(exifOrientation(new DataView(exif([SIX]).buffer, 0, length))).toBe(1);
    }
    const far = exif([SIX]);
    far.setUint32(4, 0x7fffffff, true);
    expect(exifOrientation(far)).toBe(1);
  });
});
