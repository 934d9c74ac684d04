import { rm } from 'node:fs/promises';
import { type Browser, type FileChooser, launchChromium, type Page } from '@ddad/testing/browser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Station, serve } from '../src/index.js';
import { type MadeDetector, makeDetector } from '../testing/make-detector.js';
import {
  desktop,
  drop,
  faultsOf,
  judged,
  open,
  otherVersion,
  phone,
  picture,
  ready,
  versionOf,
} from './driver.js';

let made: MadeDetector;
let station: Station;
let browser: Browser;
const options = () => ({ detectors: { weave: made.folder }, port: 0, workers: 1, threads: 1, engine: 'ort' });
beforeAll(async () => {
  made = await makeDetector();
  station = await serve(options());
  browser = await launchChromium(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']);
});
afterAll(async () => {
  await browser?.close();
  await station?.close();
  if (made) await rm(made.root, { recursive: true });
});

const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement!;
    return (
      element.getAttribute('aria-label') ??
      (element as HTMLInputElement).labels?.[0]?.textContent ??
      element.textContent
    );
  });

/** Presses Tab until what is named has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if (name.test((await focused(page)) ?? '')) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no Tab leads to ${name}`);
}

it('everything is done with the keyboard alone', async () => {
  const { page, watched } = await open(browser, station.url);
  // listened for from the beginning: a chooser that opens before the browser knows of it is lost
  const chosen = new Promise<FileChooser>((resolve) => page.once('filechooser', resolve));
  await ready(page);
  await tabTo(page, /^Pictures/);
  await page.keyboard.press('Enter');
  const chooser = await chosen;
  await chooser.setFiles([...made.good.slice(0, 2), ...made.anomalous.slice(0, 2)]);
  await judged(page, 4);
  const selected = () => page.locator('.list li[aria-selected=true]').getAttribute('id');
  await tabTo(page, /^Pictures$/);
  const [first] = [await selected()];
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  const third = await selected();
  expect(third).not.toBe(first);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowRight');
  expect(await selected()).toBe(third);
  await page.keyboard.press('g');
  await page.locator('.list li[data-said=good]').waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('b');
  await page.locator('.list li[data-said=bad]').waitFor();

  // the slider between picture and heat map
  await tabTo(page, /Uncover/);
  await page.keyboard.press('End');
  expect(await page.locator('#wipe').inputValue()).toBe('100');

  let version = await versionOf(page);
  await tabTo(page, /^Take the good ones/);
  await page.keyboard.press('Enter');
  await otherVersion(page, version);
  await judged(page, 4);
  version = await versionOf(page);

  await tabTo(page, /^Threshold$/);
  const before = await page.getByRole('slider', { name: 'Threshold' }).getAttribute('aria-valuenow');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('ArrowLeft');
  const handle = page.getByRole('slider', { name: 'Threshold' });
  expect(Number(await handle.getAttribute('aria-valuenow'))).toBeLessThan(Number(before));
  expect(await handle.getAttribute('aria-valuetext')).toMatch(/^[\d.]+: \d of 4 pictures anomalous$/);
  await tabTo(page, /^Use this threshold/);
  await page.keyboard.press('Enter');
  await otherVersion(page, version);
  version = await versionOf(page);

  await tabTo(page, /^Change/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^By numbers/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Add rectangle/);
  await page.keyboard.press('Enter');
  await picture(page, 'keyboard');
  expect(await faultsOf(page)).toEqual([]);
  await tabTo(page, /^Use this region/);
  await page.keyboard.press('Enter');
  await otherVersion(page, version);
  const { regionOfInterest } = (await (await fetch(`${station.url}/v1/detectors/weave`)).json()) as {
    regionOfInterest: object;
  };
  expect(regionOfInterest).toEqual({
    include: [
      [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.75, 0.75],
        [0.25, 0.75],
      ],
    ],
    ignore: [],
  });
  expect(watched).toMatchObject({ faults: [], elsewhere: [] });
  await page.close();
});

it('the camera is judged frame by frame, and a frame can be kept', async () => {
  for (const viewport of [desktop, phone]) {
    const { page, watched } = await open(browser, station.url, { viewport });
    await ready(page);
    await page.getByRole('button', { name: 'Camera' }).click();
    await page.waitForFunction(() =>
      /[\d.]+ pictures a second/.test(document.querySelector('.rate')?.textContent ?? ''),
    );
    const shown = page.locator('.frame .shown');
    const before = await shown.getAttribute('src');
    await page.waitForFunction(
      (src) => document.querySelector('.frame .shown')!.getAttribute('src') !== src,
      before,
    );
    await picture(page, `camera-${viewport.width}`);
    await page.getByRole('button', { name: 'Keep this picture' }).click();
    await page.locator('.list li').first().waitFor();
    expect(await page.locator('.list .name').first().textContent()).toBe('camera-001.jpg');
    await page.getByRole('button', { name: 'Stop the camera' }).click();
    expect(await page.locator('.live').isVisible()).toBe(false);
    await page.locator('.caption .name', { hasText: /^camera-001\.jpg$/ }).waitFor();
    expect(watched).toMatchObject({ faults: [], elsewhere: [] });
    await page.close();
  }
});

it('a folder with folders, a file that is no picture and one that is damaged', async () => {
  const { page, watched } = await open(browser, station.url);
  await ready(page);
  await page.locator('input[webkitdirectory]').setInputFiles(`${made.root}/weave/test`);
  await judged(page, 4);
  expect(await page.locator('.caption .name').textContent()).toBe('test/good/000.png');
  await page.locator('input[accept]').setInputFiles([
    { name: 'damaged.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('nothing') },
  ]);
  const failed = page.locator('.list li[data-state=failed]');
  await failed.click();
  expect(await page.locator('.caption .numbers').textContent()).toMatch(/cannot be read/);
  expect(await page.locator('.list li').count()).toBe(5);
  // the browser says of a damaged picture, and of the station's refusal, what it always says
  expect(watched.faults.filter((fault) => !/422|ERR/.test(fault))).toEqual([]);
  expect(watched.elsewhere).toEqual([]);
  await page.close();
});

it('a station with a token is asked for it, and a wrong one is asked for again', async () => {
  const guarded = await serve({ ...options(), token: 'correct horse', store: `${made.root}/guarded` });
  try {
    const { page, watched } = await open(browser, guarded.url);
    const dialog = page.getByRole('dialog');
    await page.getByRole('textbox', { name: 'Token' }).fill('battery staple');
    await page.keyboard.press('Enter');
    await page.getByText('That was not the token.').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await picture(page, 'token');
    await page.getByRole('textbox', { name: 'Token' }).fill('correct horse');
    await page.keyboard.press('Enter');
    await ready(page);
    expect(await dialog.count()).toBe(0);
    await drop(page, made.good.slice(0, 1));
    expect(watched.faults.filter((fault) => !/401/.test(fault))).toEqual([]);
    expect(watched.elsewhere).toEqual([]);
    await page.close();
  } finally {
    await guarded.close();
  }
});
