import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from './read-safetensors.js';
import { readSafetensorsMetadata } from './read-safetensors-metadata.js';
import { writeSafetensors } from './write-safetensors.js';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

/** A file with this header and data, as a hostile or clumsy writer would make it. */
function file(header: unknown, dataBytes = 0, declared?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(declared ?? text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const twice =
  '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}';
const f32 = (shape: unknown, ...offsets: unknown[]) => ({ dtype: 'F32', shape, data_offsets: offsets });

describe('readSafetensors', () => {
  const types = readSafetensors(fixture('types.safetensors'));

  it('reads every dtype as the Python library wrote it', () => {
    expect(types.get('f64')).toEqual({ dtype: 'F64', shape: [2], data: new Float64Array([Math.PI, -1e300]) });
    expect(types.get('i64')?.data).toEqual(new BigInt64Array([2n ** 53n + 1n, -(2n ** 63n), 7n]));
    expect(types.get('i32')?.data).toEqual(new Int32Array([-(2 ** 31), 2 ** 31 - 1]));
    expect(types.get('i16')?.data).toEqual(new Int16Array([-32768, 32767]));
    expect(types.get('i8')?.data).toEqual(new Int8Array([-128, 127]));
    expect(types.get('u8')?.data).toEqual(new Uint8Array([0, 255]));
    expect(types.get('bool')).toEqual({ dtype: 'BOOL', shape: [3], data: new Uint8Array([1, 0, 1]) });
    expect(types.get('scalar')).toEqual({ dtype: 'F32', shape: [], data: new Float32Array([4.25]) });
    expect(types.get('empty')).toEqual({ dtype: 'F32', shape: [0, 3], data: new Float32Array(0) });
  });

  it('widens half precision exactly', () => {
    // torch.tensor([0, -0, 1, -2.5, 65504, 6e-8, 6.1e-5, 1/3, inf, -inf, nan]).half().double()
    expect(types.get('f16')).toEqual({
      dtype: 'F32',
      shape: [11],
      data: new Float32Array([
        0,
        -0,
        1,
        -2.5,
        65504,
        2 ** -24,
        1023 * 2 ** -24,
        0.333251953125,
        Infinity,
        -Infinity,
        NaN,
      ]),
    });
    expect(Array.from(types.get('bf16')!.data as Float32Array).slice(2, 8)).toEqual([
      1, -2.5, 65536, 6.007030606269836e-8, 6.103515625e-5, 0.333984375,
    ]);
    const recent = readSafetensors(fixture('recent.safetensors'));
    expect(recent.get('e4m3')?.data).toEqual(new Float32Array([0, -1.125, 448, 2 ** -9, NaN]));
    expect(recent.get('e5m2')?.data).toEqual(new Float32Array([0, -1.25, 57344, 2 ** -16, Infinity, NaN]));
    expect(recent.get('u16')?.data).toEqual(new Uint16Array([0, 65535]));
    expect(recent.get('u32')?.data).toEqual(new Uint32Array([1, 2 ** 32 - 1]));
  });

  it('keeps the bits of half precision when asked', () => {
    const raw = readSafetensors(fixture('types.safetensors'), { keepHalf: true });
    expect(raw.get('f16')).toEqual({
      dtype: 'F16',
      shape: [11],
      data: new Uint16Array([0, 0x8000, 0x3c00, 0xc100, 0x7bff, 1, 0x3ff, 0x3555, 0x7c00, 0xfc00, 0x7e00]),
    });
    expect(raw.get('bf16')?.dtype).toBe('BF16');
  });

  it('reads metadata, and from bytes that are not aligned', () => {
    const shifted = new Uint8Array(fixture('types.safetensors').length + 3);
    shifted.set(fixture('types.safetensors'), 3);
    expect(readSafetensors(shifted.subarray(3))).toEqual(types);
    expect(readSafetensorsMetadata(shifted.subarray(3)).torch).toMatch(/^\d+\./);
    expect(readSafetensorsMetadata(file({}))).toEqual({});
    const header = 8 + Number(new DataView(shifted.buffer, 3).getBigUint64(0, true));
    expect(readSafetensorsMetadata(shifted.subarray(3, 3 + header)).torch).toMatch(/^\d+\./);
    expect(() => readSafetensorsMetadata(shifted.subarray(3, 2 + header))).toThrow('cut short');
  });

  it('keeps the order of the header, integer-like names too', () => {
    expect([...readSafetensors(fixture('integer-names.safetensors')).keys()]).toEqual(['0', '1', '10', '9']);
    const names = ['b', '10', '2', '__proto__', '0', 'a', '-1', '1.5', 'toString'];
    const entries = names.map(
      (name, i) => `${JSON.stringify(name)} : {"shape":[1], "dtype":"U8","data_offsets":[${i},${i + 1}]}`,
    );
    const read = readSafetensors(file(` {\n${entries.join(' ,\n')}\t}  `.trimStart(), names.length));
    expect([...read.keys()]).toEqual(names);
    const written = writeSafetensors(read, { 2: 'two', 1: 'one' });
    expect([...readSafetensors(written).keys()]).toEqual(names);
    expect(readSafetensorsMetadata(written)).toEqual({ 1: 'one', 2: 'two' });
  });

  it('reads names and metadata that hold brackets, commas and escapes', () => {
    const name = '"{[,]}:\\ \u2028\u{1f600}\0';
    const written = writeSafetensors(new Map([[name, { dtype: 'U8', shape: [], data: new Uint8Array(1) }]]), {
      [name]: `${name}}`,
    });
    expect([...readSafetensors(written).keys()]).toEqual([name]);
    expect(readSafetensorsMetadata(written)).toEqual({ [name]: `${name}}` });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['no bytes', new Uint8Array(0), /needs at least 8 bytes, got 0/],
    ['a huge header', file('{}', 0, 2 ** 40), /claims 1099511627776 bytes, at most 100000000/],
    ['a cut header', file('{}', 0, 400), /the header claims 400 bytes, but the file has 10.*cut short/],
    ['no brace', file('[1]'), /does not begin with "\{"/],
    ['broken JSON', file('{"a":'), /the header is not JSON/],
    ['metadata that is no text', file({ __metadata__: { a: 1 } }), /must map strings to strings/],
    [
      'an unknown dtype',
      file({ a: { dtype: 'C64', shape: [], data_offsets: [0, 8] } }, 8),
      /"a" has dtype "C64"/,
    ],
    [
      'a prototype as dtype',
      file({ a: { dtype: 'toString', shape: [], data_offsets: [0, 0] } }),
      /has dtype/,
    ],
    ['no info', file({ a: null }), /"a" is no JSON object \(needs { at character 0, got "n"\)/],
    ['an empty info', file({ a: {} }), /"a" has dtype undefined/],
    ['a name that stands twice', file(twice, 8), /the header is not JSON \("a" stands twice\)/],
    ['a name that stands twice in two spellings', file(twice.replace('"a"', '"\\u0061"'), 8), /stands twice/],
    ['a dtype that stands twice', file('{"a":{"dtype":"F32","dtype":"I32"}}'), /"a" is no JSON .*twice/],
    ['text after the header', file('{} {}'), /not JSON \(needs its end at character 3, got "{"\)/],
    ['a trailing comma', file('{"a":1,}'), /not JSON \(needs " at character 7, got "}"\)/],
    ['a missing colon', file('{"a" 1}'), /not JSON \(needs : at character 5, got "1"\)/],
    ['a broken value', file('{"a":{"dtype":F32}}'), /"a" is not JSON/],
    ['an open string', file('{"a\\"'), /the string at character 1 has no end/],
    [
      'no UTF-8',
      file('{"a\u00ff"', 0).map((byte) => (byte === 0xc3 ? 0xff : byte)),
      /the header is not JSON/,
    ],
    [
      'deep nesting',
      file(`{"a":{"dtype":${'['.repeat(1e6)}${']'.repeat(1e6)}}}`),
      /"a" (has dtype \[|is not JSON)/,
    ],
    ['a negative size', file({ a: f32([-1], 0, 4) }, 4), /"a" has the impossible shape \[-1\]/],
    ['sizes beyond counting', file({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, 4), /impossible shape/],
    ['sizes hidden by a zero', file({ a: f32([0, 2 ** 40, 2 ** 40], 0, 0) }), /impossible shape/],
    [
      'too few bytes',
      file({ a: f32([2], 0, 4) }, 4),
      /"a" needs 8 bytes for F32 \[2\], got data_offsets \[0,4\]/,
    ],
    ['offsets that are no numbers', file({ a: f32([1], '0', 4) }, 4), /impossible data_offsets/],
    [
      'a hole',
      file({ a: f32([1], 4, 8) }, 8),
      /begins at byte \d+, expected \d+: tensors overlap or leave a hole/,
    ],
    ['an overlap', file({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8), /"b" begins .* overlap/],
    ['a cut file', file({ a: f32([2], 0, 8) }, 4), /need \d+ bytes, but the file has \d+; is it cut short/],
    ['trailing bytes', file({ a: f32([1], 0, 4) }, 5), /the file has/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
    expect(() => readSafetensors(bytes)).toThrow(/^readSafetensors: /);
  });
});
