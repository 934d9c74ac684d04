import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { graphFolder } from './graph-folder.js';

afterEach(() => vi.unstubAllEnvs());

it.each([
  [undefined, undefined, join(homedir(), '.cache', 'ddad', 'graphs')],
  [undefined, '/elsewhere', join('/elsewhere', 'graphs')],
  ['/fast/graphs', '/elsewhere', '/fast/graphs'],
  ['', '/elsewhere', join('/elsewhere', 'graphs')],
  ['off', '/elsewhere', null],
])('DDAD_GRAPHS %s and DDAD_CACHE %s', async (graphs, cache, expected) => {
  vi.stubEnv('DDAD_GRAPHS', graphs);
  vi.stubEnv('DDAD_CACHE', cache);
  expect(await graphFolder()).toBe(expected);
});
