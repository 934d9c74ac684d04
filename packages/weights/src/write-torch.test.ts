import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from './read-safetensors.js';
import { readTorch } from './read-torch.js';
import type { StateDict } from './state-dict.js';
import { writeTorch } from './write-torch.js';

/** That torch itself loads these files is checked by tools/fixtures/torch-fixtures/load.py. */
const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

describe('writeTorch', () => {
  it.each(['types', 'views', 'module', 'checkpoint'])('writes %s so that it reads back the same', (name) => {
    const state = readSafetensors(fixture(`${name}.safetensors`), { keepHalf: true });
    const bytes = writeTorch(state);
    expect([...readTorch(bytes, { keepHalf: true })]).toEqual([...state]);
    expect(writeTorch(new Map(state))).toEqual(bytes);
  });

  it('writes an empty state dict', () => expect(readTorch(writeTorch(new Map())).size).toBe(0));

  it('refuses tensors it cannot write', () => {
    const one = (tensor: unknown) => new Map([['x', tensor]]) as StateDict;
    expect(() => writeTorch(one({ dtype: 'U32', shape: [1], data: new Uint32Array(1) }))).toThrow(
      'writeTorch: "x" is U32, torch stores only F64, F32,',
    );
    expect(() => writeTorch(one({ dtype: 'F32', shape: [2], data: new Float32Array(1) }))).toThrow(
      'writeTorch: "x" is F32 [2] and needs a Float32Array of that size, got a Float32Array of 1',
    );
  });
});
