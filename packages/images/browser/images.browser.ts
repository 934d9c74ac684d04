import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Pixels, readImage } from '@ddad/images';
import {
  type Browser,
  type Headers,
  launchChromium,
  openPage,
  type Page,
  type ServedApp,
  serveApp,
} from '@ddad/testing/browser';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { damage } from '../testing/damage.js';

type Read = Omit<Pixels, 'data'> & { data: number[] };
declare const window: {
  bundled: typeof readImage;
  page: {
    read(file: number[], options: object): Promise<Read>;
    roundTrip(data: number[], width: number, height: number, channels: number): Promise<Read>;
  };
};

const fixtures: Record<string, { file: string }> = JSON.parse(
  readFileSync(new URL('../fixtures/decode.json', import.meta.url), 'utf8'),
);
const bytesOf = (name: string) => new Uint8Array(Buffer.from(fixtures[name]!.file, 'base64'));
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

let browser: Browser;
let app: Record<Headers, ServedApp>;
let page: Page;

beforeAll(async () => {
  app = await serveApp(here('app'));
  browser = await launchChromium();
  page = await openPage(browser);
  await page.goto(app.plain.url);
  await page.waitForFunction(() => 'page' in window);
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([app?.plain.close(), app?.isolated.close()]);
});

const read = (file: Uint8Array, options = {}) =>
  page.evaluate(([bytes, given]) => window.page.read(bytes, given), [[...file], options] as [
    number[],
    object,
  ]);

it.each(Object.keys(fixtures))('reads %s to the same bytes as Node', async (name) => {
  for (const options of [{}, { size: [11, 13], channels: 1, fit: 'pad' }] as const) {
    const { data, ...rest } = await readImage(bytesOf(name), options);
    expect(await read(bytesOf(name), options)).toEqual({ data: [...data], ...rest });
  }
});

it('gives the same bytes as Node, or an error where Node does, for damaged files', async () => {
  const names = Object.keys(fixtures);
  for (let n = 0; n < 120; n++) {
    const name = names[n % names.length]!;
    const file = damage(bytesOf(name), n);
    const there = await read(file, { size: [8, 8] }).then(
      ({ data }) => data.join(),
      () => 'an error',
    );
    const expected = await readImage(file, { size: [8, 8] }).then(
      ({ data }) => data.join(),
      () => 'an error',
    );
    expect(there, `${name}, seed ${n}`).toBe(expected);
  }
});

it('encodes PNG', async () => {
  const pixels = {
    data: Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * 41) % 256),
    width: 5,
    height: 4,
    channels: 3,
  };
  const got = await page.evaluate(
    (p) => window.page.roundTrip(p.data, p.width, p.height, p.channels),
    pixels,
  );
  expect(got).toEqual(pixels);
});

it('works and has no node: import as a plain bundle of esbuild, in one file', async () => {
  const contents = "import { readImage } from '@ddad/images'; window.bundled = readImage;";
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: here('..') },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    outdir: 'bundle',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  expect(outputFiles).toHaveLength(1);
  expect(Object.values(metafile.outputs)[0]!.imports).toEqual([]);
  const code = outputFiles[0]!.text;
  expect(code.includes('node:')).toBe(false);
  await page.addScriptTag({ type: 'module', content: code });
  await page.waitForFunction(() => 'bundled' in window);
  for (const name of ['baseline.jpg', 'rgb.png', 'lossy.webp', 'rgb16.tif']) {
    const data = await page.evaluate(
      async (file) => [...(await window.bundled(Uint8Array.from(file))).data],
      [...bytesOf(name)],
    );
    expect(data).toEqual([...(await readImage(bytesOf(name))).data]);
  }
});
