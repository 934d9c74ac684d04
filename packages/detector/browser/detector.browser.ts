import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Browser,
  launchChromium,
  openPage,
  type ServedApp,
  serveApp,
  webGpuFlags,
} from '@ddad/testing/browser';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Detection, Detector } from '../src/index.js';
import { type MadeDetector, makeDetector } from '../testing/make-detector.js';
import type { Page } from './app/main.js';

declare const window: { page: Page };

let browser: Browser;
let app: Record<string, ServedApp>;
let made: MadeDetector;
let files: Server;
let expected: Detection[];

beforeAll(async () => {
  app = await serveApp(fileURLToPath(new URL('app', import.meta.url)));
  browser = await launchChromium(webGpuFlags);
  made = await makeDetector({ steps: 20 });
  const detector = await Detector.load(made.folder, { engine: 'ort', threads: 1 });
  expected = [];
  for await (const detection of detector.detectAll(made.images)) expected.push(detection);
  detector.dispose();
  // the detector and its images, as any web server gives them to pages of elsewhere
  files = createServer((request, response) => {
    const [, kind, name] = request.url!.split('/');
    const path = kind === 'detector' ? join(made.folder, name) : made.images[Number.parseInt(name, 10)];
    response.setHeader('Access-Control-Allow-Origin', '*');
    createReadStream(path)
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  files?.close();
  await browser?.close();
  await Promise.all(Object.values(app ?? {}).map(({ close }) => close()));
  if (made) await rm(dirname(made.folder), { recursive: true });
});

it.each([
  { engine: 'ort', count: 10, tolerance: 1e-3 },
  // the software driver takes 10 s an image
  { engine: 'ort-webgpu', count: 2, tolerance: 1e-2 },
])('$engine: a detector loaded over HTTP finds what it finds in Node', async (wanted) => {
  const { engine, count, tolerance } = wanted;
  const { port } = files.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const page = await openPage(browser);
  await page.goto(app.plain.url);
  await page.waitForFunction(() => 'page' in window);
  const images = made.images.slice(0, count).map((_, i) => `${address}/images/${i}.png`);
  const { found, leaked } = await page.evaluate(
    ([at, all, name]) => window.page.detect(at as string, all as string[], name as string),
    [`${address}/detector`, images, engine] as const,
  );
  expect(leaked).toBe(0);
  expect(found).toHaveLength(count);
  for (const [i, { score, map, isAnomalous, regions }] of found.entries()) {
    const node = expected[i];
    expect(Math.abs(score - node.score) / node.score, basename(made.images[i])).toBeLessThan(tolerance);
    const peak = node.map.reduce((a, b) => Math.max(a, b));
    const worst = map.reduce((most, value, k) => Math.max(most, Math.abs(value - node.map[k])), 0);
    expect(worst / peak).toBeLessThan(1e-2);
    expect(isAnomalous).toBe(node.isAnomalous);
    expect(regions).toHaveLength(node.regions.length);
  }
  await page.close();
});

it('the bundle of a browser has no module of Node', async () => {
  const { metafile, outputFiles } = await build({
    stdin: { contents: "export { Detector } from '@ddad/detector';", resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    external: ['onnxruntime-web/*', '@tensorflow/tfjs-*'],
    loader: { '.wasm': 'file' },
    outdir: 'out',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const modules = Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(modules.filter((path) => path.startsWith('node:'))).toEqual([]);
  const imports = outputFiles.flatMap(
    ({ text }) => text.match(/\b(from|import|require)\b\s*\(?\s*["']node:/g) ?? [],
  );
  expect(imports).toEqual([]);
});
