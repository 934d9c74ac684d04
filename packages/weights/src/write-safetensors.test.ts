import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from './read-safetensors.js';
import { readSafetensorsMetadata } from './read-safetensors-metadata.js';
import type { StateDict } from './state-dict.js';
import { writeSafetensors } from './write-safetensors.js';

describe('writeSafetensors', () => {
  it('writes the bytes of the format', () => {
    const state: StateDict = new Map([
      ['b', { dtype: 'U8', shape: [3], data: new Uint8Array([1, 2, 3]) }],
      ['a', { dtype: 'F32', shape: [1, 1], data: new Float32Array([1]) }],
    ]);
    const bytes = writeSafetensors(state, { who: 'me' });
    const header =
      '{"__metadata__":{"who":"me"},"b":{"dtype":"U8","shape":[3],"data_offsets":[4,7]},' +
      '"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    const data = '\0\0\x80?\x01\x02\x03';
    expect(Buffer.from(bytes).toString('latin1')).toBe(
      `${String.fromCharCode(padded.length)}\0\0\0\0\0\0\0${padded}${data}`,
    );
  });

  it('gives back what was read, in order, bit for bit', () => {
    for (const name of ['types', 'recent', 'module', 'checkpoint']) {
      const original = readFileSync(new URL(`../fixtures/${name}.safetensors`, import.meta.url));
      const state = readSafetensors(original, { keepHalf: true });
      const again = writeSafetensors(state, readSafetensorsMetadata(original));
      expect([...readSafetensors(again, { keepHalf: true })]).toEqual([...state]);
      expect(readSafetensorsMetadata(again)).toEqual(readSafetensorsMetadata(original));
    }
    const reversed: StateDict = new Map([...Array(20).keys()].map((i) => [`${19 - i}.x`, scalar(i)]));
    expect([...readSafetensors(writeSafetensors(reversed)).keys()]).toEqual([...reversed.keys()]);
  });

  it('writes views of larger buffers', () => {
    const view = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const state: StateDict = new Map([['v', { dtype: 'F32', shape: [2], data: view }]]);
    expect(readSafetensors(writeSafetensors(state)).get('v')?.data).toEqual(new Float32Array([1, 2]));
  });

  it('refuses what the format cannot hold', () => {
    const one = (tensor: unknown) => new Map([['x', tensor]]) as StateDict;
    const data = new Float32Array(2);
    expect(() => writeSafetensors(one({ dtype: 'F32', shape: [3], data }))).toThrow(
      'writeSafetensors: "x" has shape [3], but 2 elements',
    );
    expect(() => writeSafetensors(one({ dtype: 'I64', shape: [2], data }))).toThrow(
      'writeSafetensors: "x" is I64 and needs a BigInt64Array, got Float32Array',
    );
    expect(() => writeSafetensors(one({ dtype: 'float', shape: [2], data }))).toThrow('unknown dtype float');
    expect(() => writeSafetensors(new Map([['__metadata__', scalar(1)]]))).toThrow('pass metadata apart');
    expect(() => writeSafetensors(new Map(), { epoch: 3 as unknown as string })).toThrow(
      'metadata "epoch" must be a string, got number',
    );
  });
});

function scalar(value: number) {
  return { dtype: 'F32' as const, shape: [], data: new Float32Array([value]) };
}
