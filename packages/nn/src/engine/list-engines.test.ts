import { expect, it } from 'vitest';
import { engineNames } from './engine-names.js';
import { listEngines } from './list-engines.js';

it('tries every engine and gives the reason where one fails', async () => {
  const found = await listEngines();
  expect(found.map(({ name }) => name).sort()).toEqual(engineNames.filter((name) => name !== 'auto').sort());
  const status = Object.fromEntries(found.map(({ name, works, status }) => [name, { works, status }]));
  expect(status.ort).toEqual({ works: true, status: 'works' });
  expect(status.cpu).toEqual({ works: true, status: 'works' });
  expect(status.wasm.works || status.wasm.status.includes('npm install')).toBe(true);
}, 60_000);
