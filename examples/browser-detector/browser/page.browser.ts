import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Detector } from '@ddad/detector';
import { type Browser, launchChromium, openPage, webGpuFlags } from '@ddad/testing/browser';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
// @ts-expect-error: a script
import { makeDetector } from '../make-detector.mjs';

declare const window: { found: { name: string; score: number; isAnomalous: boolean }[] };

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
let browser: Browser;
let server: PreviewServer;
let url: string;
let expected: { score: number; isAnomalous: boolean }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ddad-page-'));
  await makeDetector(join(folder, 'public'));
  const outDir = join(folder, 'dist');
  await build({ root, logLevel: 'error', publicDir: join(folder, 'public'), build: { outDir } });
  server = await preview({
    root,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  [url] = server.resolvedUrls!.local;
  const detector = await Detector.load(join(folder, 'public', 'detector.ddad'), {
    engine: 'ort',
    threads: 1,
  });
  const samples = JSON.parse(await readFile(join(folder, 'public', 'samples.json'), 'utf8')) as string[];
  expected = [];
  for await (const { score, isAnomalous } of detector.detectAll(
    samples.map((name) => join(folder, 'public', name)),
  )) {
    expected.push({ score, isAnomalous });
  }
  detector.dispose();
  browser = await launchChromium(webGpuFlags);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true });
});

it('ten pictures in WebAssembly: the scores of Node, and nothing is sent', async () => {
  const page = await openPage(browser, { viewport: { width: 1180, height: 900 } });
  const problems: string[] = [];
  const sent: string[] = [];
  const loaded = new Map<string, Buffer>();
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    const isOwn = origin === new URL(url).origin || protocol === 'blob:' || protocol === 'data:';
    if (!isOwn || request.method() !== 'GET' || request.postDataBuffer()) sent.push(request.url());
  });
  page.on('response', async (response) => {
    if (response.url().startsWith(url)) loaded.set(response.url().slice(url.length), await response.body());
  });
  await page.goto(`${url}?engine=ort`);
  await page.getByRole('button', { name: 'Try the sample pictures' }).click();
  await page.waitForFunction((count) => window.found.length === count, expected.length);
  const found = await page.evaluate(() => window.found);
  expect(found).toHaveLength(10);
  const worst = Math.max(...found.map(({ score }, i) => Math.abs(score / expected[i].score - 1)));
  console.log(`ten pictures: scores differ by at most ${worst.toExponential(1)} of Node's`);
  expect(worst).toBeLessThan(1e-3);
  expect(found.map(({ isAnomalous }) => isAnomalous)).toEqual(expected.map(({ isAnomalous }) => isAnomalous));
  await expect.poll(() => page.locator('figure').count()).toBe(10);
  const sizes = [...loaded]
    .filter(([name]) => !name.startsWith('samples'))
    .map(([name, body]) => [name.replace(/\?.*/, '') || 'index.html', body.length, gzipSync(body).length]);
  console.log(sizes.map((row) => row.join(' ')).join('\n'));
  expect(problems).toEqual([]);
  expect(sent).toEqual([]);
  if (process.env.DDAD_SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.DDAD_SCREENSHOTS, 'page.png'), fullPage: true });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: join(process.env.DDAD_SCREENSHOTS, 'phone.png') });
  }
  await page.close();
});

it('a picture on WebGPU, on the software driver', async () => {
  const page = await openPage(browser);
  await page.goto(`${url}?engine=ort-webgpu`);
  await page.getByText('Ready').waitFor();
  await page.setInputFiles('#files', join(folder, 'public', 'samples', '9.png'));
  await page.waitForFunction(() => window.found.length === 1);
  const [{ score }] = await page.evaluate(() => window.found);
  expect(Math.abs(score / expected[9].score - 1)).toBeLessThan(1e-2);
  await page.close();
});

it('a detector of the user, and a file that is none', async () => {
  const page = await openPage(browser);
  await page.goto(`${url}?engine=ort`);
  await page.getByText('Ready').waitFor();
  const bundle = await readFile(join(folder, 'public', 'detector.ddad'));
  const file = (buffer: Buffer) => ({ name: 'mine.ddad', mimeType: 'application/octet-stream', buffer });
  await page.setInputFiles('#files', file(bundle.subarray(0, 1000)));
  await page.getByText('mine.ddad is no detector that can be read').waitFor();
  await page.setInputFiles('#files', file(bundle));
  await page.getByText('Ready').waitFor();
  await page.close();
});
