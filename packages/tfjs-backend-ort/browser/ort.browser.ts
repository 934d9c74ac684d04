import { fileURLToPath } from 'node:url';
import { relativeError } from '@ddad/testing';
import {
  type Browser,
  type Headers,
  launchChromium,
  openPage,
  type Page,
  type ServedApp,
  serveApp,
  webGpuFlags,
} from '@ddad/testing/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface TestPage {
  initOrt(options: object): Promise<void>;
  run(name: string): Promise<{ result: unknown; leaked: number }>;
  useCpu(): Promise<boolean>;
  isolated: boolean;
}
declare const window: { page: TestPage };

let browser: Browser;
let app: Record<Headers, ServedApp>;

beforeAll(async () => {
  app = await serveApp(fileURLToPath(new URL('app', import.meta.url)));
  browser = await launchChromium(webGpuFlags);
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([app?.plain.close(), app?.isolated.close()]);
});

async function open(headers: Headers): Promise<Page> {
  const page = await openPage(browser);
  await page.goto(app[headers].url);
  await page.waitForFunction(() => 'page' in window);
  return page;
}

async function run(page: Page, name: string): Promise<unknown> {
  const { result, leaked } = await page.evaluate((work) => window.page.run(work), name);
  expect(leaked, name).toBe(0);
  return result;
}

describe.each([
  { name: 'WebAssembly', kind: 'plain', options: {}, tolerance: 1e-5 },
  { name: 'WebAssembly, 2 threads', kind: 'isolated', options: { threads: 2 }, tolerance: 1e-5 },
  { name: 'WebGPU', kind: 'isolated', options: { executionProviders: ['webgpu'] }, tolerance: 1e-3 },
] as const)('$name', ({ kind, options, tolerance }) => {
  let page: Page;
  beforeAll(async () => {
    page = await open(kind);
  });
  afterAll(() => page?.close());

  it.each(['tensors', 'convolution', 'training'])("%s equal tfjs's cpu backend", async (name) => {
    await page.evaluate(() => window.page.useCpu());
    const expected = (await run(page, name)) as number[][];
    await page.evaluate((o) => window.page.initOrt(o), options);
    const actual = (await run(page, name)) as number[][];
    expect(actual).toHaveLength(expected.length);
    actual.forEach((values, i) => {
      expect(relativeError(values, expected[i]), `${name} ${i}`).toBeLessThan(tolerance);
    });
    if (name === 'training') expect(expected[0][5]).toBeLessThan(expected[0][0]);
  });

  it('keeps tensors on the device of a GPU, and only there', async () => {
    const { alive, after } = (await run(page, 'residency')) as { alive: number; after: number };
    if ('executionProviders' in options) expect(alive).toBeGreaterThanOrEqual(64 * 64 * 4);
    else expect(alive).toBe(0);
    expect(after).toBe(0);
  });

  it('lets timers fire while a loop computes', async () => {
    expect(await run(page, 'timer')).toBe(true);
  });

  it('says that dataSync is not possible', async () => {
    expect(await run(page, 'syncRead')).toContain('Use `await tensor.data()`');
  });
});

it('refuses threads in a page that is not cross-origin isolated, with the headers it needs', async () => {
  const page = await open('plain');
  expect(await page.evaluate(() => window.page.isolated)).toBe(false);
  const failure = page.evaluate(() => window.page.initOrt({ threads: 2 }));
  await expect(failure).rejects.toThrow(/Cross-Origin-Opener-Policy: same-origin/);
  await page.close();
});

it('refuses another thread count than WebAssembly was started with, and providers there are not', async () => {
  const page = await open('isolated');
  await page.evaluate(() => window.page.initOrt({ threads: 1 }));
  await expect(page.evaluate(() => window.page.initOrt({ threads: 2 }))).rejects.toThrow(
    'runs with 1 threads until the page is loaded again',
  );
  await expect(
    page.evaluate(() => window.page.initOrt({ threads: 1, executionProviders: ['cuda'] })),
  ).rejects.toThrow("has the providers cpu and webgpu, but got 'cuda'");
  await page.close();
});
