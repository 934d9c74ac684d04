import { expect, it } from 'vitest';
import { engineNames } from './engine-names.js';
import { listEngines } from './list-engines.js';

it('tries every engine: device and speed where it works, reason and remedy where not', async () => {
  const found = await listEngines();
  expect(found.map(({ name }) => name).sort()).toEqual(engineNames.filter((name) => name !== 'auto').sort());
  for (const { name, works, installed, status, remedy, device, gflops } of found) {
    if (works) {
      expect({ name, status, remedy }).toEqual({ name, status: 'works', remedy: undefined });
      expect(device).not.toBe('');
      expect(gflops).toBeGreaterThan(0);
    } else {
      expect(status).toContain(`engine ${name} `);
      expect(remedy).toBeTruthy();
      if (!installed) expect(remedy).toMatch(/^run: npm install @tensorflow\//);
    }
  }
  const working = found.filter(({ works }) => works).map(({ name }) => name);
  expect(working).toEqual(expect.arrayContaining(['ort', 'cpu']));
});

it('tries those that are asked for', async () => {
  const [{ name, works }, ...others] = await listEngines({ names: ['cpu'] });
  expect({ name, works, others }).toEqual({ name: 'cpu', works: true, others: [] });
});
