import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defectPixels } from '@ddad/metrics/regions';
import { type Browser, launchChromium, openPage, type Page } from '@ddad/testing/browser';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { renderIndex, renderReport } from '../dist/index.js';
import { sampleImages } from '../testing/sample.js';

const images = sampleImages(24, [48, 40]);
images[4].id = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">';
const folder = mkdtempSync(join(tmpdir(), 'ddad-report-'));
const file = join(folder, 'report.html');
let browser: Browser;
let page: Page;
let problems: string[];
let requests: string[];
/** The files a test has opened. */
let opened: string[];

beforeAll(async () => {
  writeFileSync(file, renderReport({ title: 'Test', images, threshold: 0.3 }));
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  page = await openPage(browser, { viewport: { width: 1280, height: 900 } });
  problems = [];
  requests = [];
  page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  opened = [];
  await open(file);
});

async function open(path: string): Promise<void> {
  opened.push(pathToFileURL(path).href);
  await page.goto(pathToFileURL(path).href);
}

afterEach(async () => {
  expect(problems).toEqual([]);
  expect(requests.filter((url) => !url.startsWith('data:'))).toEqual(opened);
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  await page.close();
});

async function counts(): Promise<Record<string, number>> {
  const entries = ['tp', 'fp', 'tn', 'fn'].map(async (key) => [
    key,
    Number(await page.textContent(`#count-${key}`)),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

function expectedCounts(threshold: number): Record<string, number> {
  const count = (label: number, above: boolean) =>
    images.filter((image) => image.label === label && image.score >= threshold === above).length;
  return { tp: count(1, true), fp: count(0, true), tn: count(0, false), fn: count(1, false) };
}

async function setSlider(threshold: number): Promise<void> {
  await page.$eval(
    '#slider',
    (slider, value) => {
      (slider as unknown as { value: string }).value = String(value);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    },
    threshold,
  );
}

it('counts at the given threshold, and again as the slider moves', async () => {
  expect(await counts()).toEqual(expectedCounts(0.3));
  const line = await page.getAttribute('line.threshold', 'x1');
  for (const threshold of [0.12, 0.5, 0.7]) {
    await setSlider(threshold);
    expect(await counts()).toEqual(expectedCounts(Number(await page.inputValue('#slider'))));
  }
  expect(await page.getAttribute('line.threshold', 'x1')).not.toBe(line);
  await page.click('#reset');
  expect(await counts()).toEqual(expectedCounts(0.3));
  await page.fill('#number', '0.55');
  expect(await counts()).toEqual(expectedCounts(0.55));
});

it('moves by keyboard alone', async () => {
  await page.focus('#slider');
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
  const threshold = Number(await page.inputValue('#slider'));
  expect(threshold).toBeGreaterThan(0.3);
  expect(await counts()).toEqual(expectedCounts(threshold));
  expect(await page.getAttribute('#slider', 'aria-valuetext')).toMatch(/^threshold 0\.\d+$/);
});

it('draws the mask that the map has at the threshold', async () => {
  const range = [
    Math.min(...images.flatMap((i) => [...i.map])),
    Math.max(...images.flatMap((i) => [...i.map])),
  ];
  await page.evaluate(() => document.querySelector('#images')?.scrollIntoView());
  const [low, high] = range;
  const levelOf = (value: number) => Math.min(Math.floor(((value - low) / (high - low)) * 256), 255);
  const middleOf = (level: number) => low + ((level + 0.5) / 256) * (high - low);
  for (const threshold of [0.3, 0.5]) {
    await setSlider(threshold);
    await page.waitForTimeout(400);
    const drawn = await page.$$eval('#table tbody tr', (rows) =>
      rows.map((row) => [
        Number((row as HTMLElement).dataset.index),
        row.querySelector('canvas')!.dataset.pixels,
      ]),
    );
    const visible = drawn.filter(([, pixels]) => pixels !== undefined);
    expect(visible.length).toBeGreaterThan(3);
    for (const [index, pixels] of visible.slice(0, 3)) {
      const { map, input: image, width, height, score } = images[index as number];
      // the page has the levels of the picture, not the map's values
      const predicted = defectPixels(
        Float64Array.from(map, (value) => middleOf(levelOf(value))),
        {
          shape: [height, width],
          threshold: middleOf(levelOf(threshold) + (score >= threshold ? 0 : 1)),
          image,
        },
      );
      expect(Number(pixels)).toBe(predicted.reduce((a, b) => a + b, 0));
      expect(Number(pixels)).toBeGreaterThan(0);
    }
  }
});

it('filters by defect and outcome, sorts by every order', async () => {
  const shown = () =>
    page.$$eval('#table tbody tr:not([hidden])', (rows) =>
      rows.map((row) => Number((row as HTMLElement).dataset.index)),
    );
  const scores = async () => (await shown()).map((index) => images[index].score);
  expect(await scores()).toEqual(images.map((i) => i.score).sort((a, b) => b - a));
  await page.selectOption('#defect', 'hole');
  expect((await shown()).map((index) => images[index].defect)).toEqual(Array(4).fill('hole'));
  expect(await page.textContent('#shown')).toBe('4 of 24 images');
  await page.selectOption('#defect', '');
  await page.selectOption('#outcome', 'wrong');
  await setSlider(0.5);
  const { fp, fn } = expectedCounts(0.5);
  expect((await shown()).length).toBe(fp + fn);
  await setSlider(5);
  await page.selectOption('#outcome', 'tp');
  expect(await page.isVisible('#empty')).toBe(true);
  await page.selectOption('#outcome', 'all');
  await page.click('button.sort[data-sort=score]');
  expect(await scores()).toEqual(images.map((i) => i.score).sort((a, b) => a - b));
  expect(await page.getAttribute('th:has(button[data-sort=score])', 'aria-sort')).toBe('ascending');
});

it('enlarges an image by keyboard and steps through them', async () => {
  await page.focus('#table tbody tr:first-child button.open');
  await page.keyboard.press('Enter');
  const first = await page.textContent('#viewer-name');
  expect(await page.locator('#viewer figure').count()).toBe(5);
  await page.keyboard.press('ArrowRight');
  expect(await page.textContent('#viewer-name')).not.toBe(first);
  await page.keyboard.press('ArrowLeft');
  expect(await page.textContent('#viewer-name')).toBe(first);
  await page.keyboard.press('Escape');
  expect(await page.isVisible('#viewer')).toBe(false);
});

it('fits a phone, and names every control and picture', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  const unnamed = await page.$$eval('img, canvas, svg, button, input, select', (elements) =>
    elements
      .filter((element) => {
        const labels = (element as HTMLInputElement).labels;
        return !(
          element.getAttribute('alt') ||
          element.getAttribute('aria-label') ||
          element.textContent?.trim() ||
          labels?.length
        );
      })
      .map((element) => element.outerHTML.slice(0, 80)),
  );
  expect(unnamed).toEqual([]);
});

it('works without labels, masks and reconstructions', async () => {
  const bare = images.map(({ label: _, defect: __, mask: ___, reconstruction: ____, ...image }) => image);
  const path = join(folder, 'bare.html');
  writeFileSync(path, renderReport({ title: 'Bare', images: bare, threshold: 0.3 }));
  await open(path);
  const flagged = (threshold: number) => images.filter(({ score }) => score >= threshold).length;
  expect(Number(await page.textContent('#count-flagged'))).toBe(flagged(0.3));
  await setSlider(0.5);
  expect(Number(await page.textContent('#count-flagged'))).toBe(flagged(0.5));
  await page.selectOption('#outcome', 'flagged');
  expect(await page.locator('#table tbody tr:not([hidden])').count()).toBe(flagged(0.5));
  await page.click('#table tbody tr:not([hidden]) button.open');
  expect(await page.locator('#viewer figure').count()).toBe(3);
  await page.waitForTimeout(300);
});

it('loads pictures only when they come near, and gives those of a row one size', async () => {
  expect(
    await page.$$eval('#table img', (all) => all.every((img) => img.getAttribute('loading') === 'lazy')),
  ).toBe(true);
  const widths = await page.$$eval('#table tbody tr:first-child td.picture > *', (pictures) =>
    pictures.map((picture) => Math.round(picture.getBoundingClientRect().width)),
  );
  expect(widths).toHaveLength(5);
  expect(new Set(widths).size).toBe(1);
});

it('prints all its pictures, several images a page', async () => {
  await page.waitForFunction(() => document.documentElement.dataset.drawn === 'all');
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  const pages = pdf.match(/\/Type \/Page\b/g)!.length;
  // a page and a half of curves, 24 images and the configuration
  expect(pages).toBeLessThanOrEqual(2 + Math.ceil(images.length / 4));
  // input, reconstruction, heat map, mask and prediction of each; equal pictures are stored once
  const pictures = pdf.match(/\/Subtype \/Image\b/g)!.length;
  expect(pictures).toBeGreaterThanOrEqual(4 * images.length);
});

it('links reports from an index', async () => {
  const path = join(folder, 'index.html');
  const categories = [
    { name: 'one', href: 'report.html', metrics: { imageAuroc: 0.5 }, published: { imageAuroc: 0.9 } },
    { name: 'two', metrics: { imageAuroc: 0.7 } },
  ];
  writeFileSync(path, renderIndex({ title: 'All', categories }));
  await open(path);
  opened.push(pathToFileURL(file).href);
  await page.click('a:text("one")');
  await page.waitForURL(pathToFileURL(file).href);
  expect(await page.title()).toBe('Test');
});
