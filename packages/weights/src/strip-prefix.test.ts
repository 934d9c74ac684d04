import { expect, it } from 'vitest';
import type { StateDict } from './state-dict.js';
import { stripPrefix } from './strip-prefix.js';

const tensor = { dtype: 'F32' as const, shape: [1], data: new Float32Array(1) };
const named = (...names: string[]): StateDict => new Map(names.map((name) => [name, tensor]));

it('stripPrefix strips what every name carries, once', () => {
  const stripped = stripPrefix(named('module.module.a', 'module.b'), 'module.');
  expect([...stripped.keys()]).toEqual(['module.a', 'b']);
  expect(stripped.get('b')).toBe(tensor);
});

it('stripPrefix leaves names alone where one lacks the prefix, and its input always', () => {
  const state = named('module.a', 'b');
  expect(stripPrefix(state, 'module.')).toEqual(state);
  expect(stripPrefix(state, 'module.')).not.toBe(state);
  expect(stripPrefix(new Map(), 'module.').size).toBe(0);
});
