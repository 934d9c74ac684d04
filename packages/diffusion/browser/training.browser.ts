import { fileURLToPath } from 'node:url';
import { startEngine } from '@ddad/nn';
import { relativeError } from '@ddad/testing';
import {
  type Browser,
  launchChromium,
  openPage,
  type ServedApp,
  serveApp,
  webGpuFlags,
} from '@ddad/testing/browser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { losses } from './losses.js';

declare const window: { page: { startEngine: typeof startEngine; losses: typeof losses } };

let browser: Browser;
let app: Record<string, ServedApp>;
let expected: number[];

beforeAll(async () => {
  app = await serveApp(fileURLToPath(new URL('app', import.meta.url)));
  browser = await launchChromium(webGpuFlags);
  await startEngine({ engine: 'ort' });
  expected = (await losses()).losses;
});

afterAll(async () => {
  await browser?.close();
  await Promise.all(Object.values(app ?? {}).map(({ close }) => close()));
});

it.each([
  { engine: 'ort', threads: 2, tolerance: 1e-5 },
  { engine: 'auto', threads: null, tolerance: 1e-3 },
  { engine: 'ort-webgpu', threads: 2, tolerance: 1e-3 },
])(
  'a UNet trains in a browser as in Node: engine $engine, threads $threads',
  async ({ tolerance, ...options }) => {
    const page = await openPage(browser);
    await page.goto(app.isolated.url);
    await page.waitForFunction(() => 'page' in window);
    const name = await page.evaluate((o) => window.page.startEngine(o), options);
    expect(name).toMatch(options.engine === 'auto' ? /^ort/ : options.engine);
    const found = await page.evaluate(() => window.page.losses());
    expect(found.losses).toHaveLength(3);
    expect(relativeError(found.losses, expected)).toBeLessThan(tolerance);
    expect(found.leaked).toBe(0);
    await page.close();
  },
);
