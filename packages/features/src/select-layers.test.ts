import { expect, it } from 'vitest';
import { selectLayers } from './select-layers.js';

const layers = { known: ['a', 'b', 'c'], defaults: ['a', 'b'] };

it.each([[['c']], [['a', 'c']], [['a', 'b', 'c']]])('takes %j', (asked) => {
  expect(selectLayers('net', asked, layers)).toEqual(asked);
});

it('takes the defaults where none are asked for', () => {
  expect(selectLayers('net', undefined, layers)).toEqual(['a', 'b']);
});

it.each([
  [[], 'none'],
  [['d'], 'd'],
  [['a', 'd'], 'a, d'],
  [['b', 'a'], 'b, a'],
  [['b', 'b'], 'b, b'],
])('refuses %j', (asked, got) => {
  expect(() => selectLayers('net', asked, layers)).toThrow(
    `net: needs layers of a, b, c, each once and in this order, got ${got}`,
  );
});
