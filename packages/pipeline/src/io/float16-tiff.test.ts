import { goldenJson } from '@ddad/testing';
import { expect, test } from 'vitest';
import { float16Bits, float16Tiff } from './float16-tiff.js';

test('rounds as numpy does', () => {
  const { float16 } = goldenJson<{ float16: [number, number][] }>('mvtec2');
  for (const [value, bits] of float16) expect([value, float16Bits(value)]).toEqual([value, bits]);
  for (const value of [65_520, -65_520, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => float16Bits(value)).toThrow(`needs values from -65504 to 65504, got ${value}`);
  }
});

test('is a TIFF of one channel of 16-bit floats', () => {
  const bytes = float16Tiff([0, 1, -2.5, 0.1, 2, 3], { width: 3, height: 2 });
  const view = new DataView(bytes.buffer);
  expect([...bytes.subarray(0, 4)]).toEqual([0x49, 0x49, 42, 0]);
  const at = view.getUint32(4, true);
  const count = view.getUint16(at, true);
  const fields = Array.from({ length: count }, (_, i) => {
    const field = at + 2 + 12 * i;
    const value =
      view.getUint16(field + 2, true) === 3
        ? view.getUint16(field + 8, true)
        : view.getUint32(field + 8, true);
    return [view.getUint16(field, true), value];
  });
  // ascending, as TIFF 6.0 wants them
  const tags = fields.map(([tag]) => tag);
  expect(tags).toEqual([...tags].sort((a, b) => a - b));
  expect(Object.fromEntries(fields)).toMatchObject({
    256: 3,
    257: 2,
    258: 16,
    259: 1,
    277: 1,
    278: 2,
    279: 12,
    339: 3,
  });
  const data = Object.fromEntries(fields)[273]!;
  expect(view.getUint16(data + 4, true)).toBe(49_408);
  // where the next directory would be
  expect(view.getUint32(at + 2 + 12 * count, true)).toBe(0);
  expect(at + 2 + 12 * count + 4).toBe(bytes.length);
  expect(() => float16Tiff([1], { width: 2, height: 2 })).toThrow('2 x 2 pixels need as many values, got 1');
});
