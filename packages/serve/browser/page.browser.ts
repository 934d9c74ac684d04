import { readFile } from 'node:fs/promises';
import { type Browser, launchChromium } from '@ddad/testing/browser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  desktop,
  drop,
  faultsOf,
  judged,
  open as openPage,
  otherVersion,
  phone,
  picture,
  ready,
  scores,
  versionOf,
} from './driver.js';
import { makeStation } from './make-station.js';

let station: Awaited<ReturnType<typeof makeStation>>;
let browser: Browser;
beforeAll(async () => {
  station = await makeStation();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await station?.close();
});

async function open(viewport = desktop, colorScheme: 'light' | 'dark' = 'light') {
  const opened = await openPage(browser, station.url, { viewport, colorScheme });
  await ready(opened.page);
  return opened;
}

/** The station's own answer about a picture. */
async function ask(path: string, detector = 'weave') {
  const response = await fetch(`${station.url}/v1/detectors/${detector}/detect`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(await readFile(path)),
  });
  return (await response.json()) as { score: number; threshold: number; version: number; anomalous: boolean };
}

const detail = async (detector = 'weave') =>
  (await (await fetch(`${station.url}/v1/detectors/${detector}`)).json()) as {
    version: number;
    threshold: { value: number };
    regionOfInterest: { include: number[][][]; ignore: number[][][] } | null;
    calibration: { scores: number[] };
  };

it('dropped pictures are judged as the station judges them, on every screen without fault', async () => {
  for (const [name, size, scheme] of [
    ['desktop', desktop, 'light'],
    ['desktop-dark', desktop, 'dark'],
    ['phone', phone, 'light'],
    ['phone-dark', phone, 'dark'],
  ] as const) {
    const { page, watched } = await open(size, scheme);
    await picture(page, `${name}-empty`);
    expect(await faultsOf(page)).toEqual([]);
    const paths = [...station.good.slice(0, 4), ...station.anomalous.slice(0, 4)];
    await drop(page, paths);
    const shown = await scores(page);
    for (const [i, path] of paths.entries()) expect(shown[i]).toBeCloseTo((await ask(path)).score, 1);
    await page.locator('.list li').nth(5).click();
    await page.waitForFunction(() =>
      document.querySelector('.caption .numbers')?.textContent?.includes('score'),
    );
    await picture(page, name, true);
    expect(await faultsOf(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    expect(watched).toMatchObject({ faults: [], elsewhere: [] });
    await page.close();
  }
});

it('a slider goes from the picture to heat map and reconstruction', async () => {
  const { page, watched } = await open();
  await drop(page, station.anomalous.slice(0, 1));
  const layer = (value: string) => page.locator(`input[name=layer][value=${value}]`).check({ force: true });
  await page.getByLabel('Regions').uncheck();
  const slide = (share: number) => page.locator('#wipe').fill(String(share));
  // the line stands at the right edge in both
  const shot = async () => (await page.locator('.frame').screenshot()).toString('base64');
  await slide(100);
  await layer('none');
  await page.evaluate(() =>
    document.querySelector<HTMLElement>('.wipe-line')!.style.setProperty('opacity', '0'),
  );
  const bare = await shot();
  for (const name of ['heat', 'reconstruction']) {
    await layer(name);
    await slide(100);
    expect(await shot()).toBe(bare);
    await slide(0);
    const covered = await shot();
    expect(covered).not.toBe(bare);
    await slide(50);
    expect([bare, covered]).not.toContain(await shot());
  }
  await page.evaluate(() =>
    document.querySelector<HTMLElement>('.wipe-line')!.style.removeProperty('opacity'),
  );
  await picture(page, 'reconstruction');
  // dragging on the picture moves the line
  const box = (await page.locator('.frame').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + 20);
  await page.mouse.up();
  expect(Number(await page.locator('#wipe').inputValue())).toBeCloseTo(25, -1);
  expect(watched).toMatchObject({ faults: [], elsewhere: [] });
  await page.close();
});

it('the threshold handle judges 500 pictures anew, in the rows that are there', async () => {
  const { page, watched } = await open();
  await page.locator('#detector').selectOption('quick');
  const paths = Array.from({ length: 500 }, (_, i) => [...station.good, ...station.anomalous][i % 14]);
  await drop(page, paths);
  const { version, threshold } = await detail('quick');
  const handle = page.getByRole('slider', { name: 'Threshold' });
  const rows = page.locator('.list li');
  const first = await rows.elementHandles();
  const times = await handle.evaluate(async (element) => {
    const taken: { script: number; painted: number }[] = [];
    for (let i = 0; i < 40; i++) {
      // there and back, over all scores
      const key = i < 20 ? 'PageDown' : 'PageUp';
      const began = performance.now();
      element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      const script = performance.now() - began;
      // style, layout and what is painted of the frame
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      taken.push({ script, painted: performance.now() - began });
    }
    return taken;
  });
  const sorted = (name: 'script' | 'painted') => times.map((time) => time[name]).sort((a, b) => a - b);
  const [script, painted] = [sorted('script'), sorted('painted')];
  console.log(
    `500 pictures judged anew: script median ${script[20].toFixed(1)} ms, most ${script[39].toFixed(1)} ms; ` +
      `until painted median ${painted[20].toFixed(1)} ms, most ${painted[39].toFixed(1)} ms`,
  );
  expect(first).toHaveLength(500);
  expect(await rows.evaluateAll((now, before) => now.every((row, i) => row === before[i]), first)).toBe(true);
  // with the mouse, to the middle of the axis: every verdict is that of its score
  const track = (await page.locator('.track').boundingBox())!;
  await page.mouse.move(track.x + 10, track.y + 60);
  await page.mouse.down();
  await page.mouse.move(track.x + track.width / 2, track.y + 60, { steps: 5 });
  await page.mouse.up();
  const set = Number(await handle.getAttribute('aria-valuenow'));
  const verdicts = await rows.evaluateAll((all) =>
    all.map((row) => [
      Number(row.querySelector('.score')!.textContent),
      (row as HTMLElement).dataset.verdict,
    ]),
  );
  let anomalous = 0;
  for (const [score, verdict] of verdicts as [number, string][]) {
    if (verdict === 'anomalous') anomalous++;
    // what is shown is rounded
    if (Math.abs(score - set) > 0.01) expect(verdict).toBe(score >= set ? 'anomalous' : 'good');
  }
  expect(await page.locator('.summary').textContent()).toBe(`${anomalous} of 500 pictures anomalous`);
  expect(anomalous).toBeGreaterThan(0);
  expect(anomalous).toBeLessThan(500);
  await picture(page, '500-pictures');
  await page.getByRole('button', { name: 'Use this threshold' }).click();
  await otherVersion(page, version);
  const after = await detail('quick');
  expect(after.version).toBe(version + 1);
  expect(after.threshold.value).not.toBe(threshold.value);
  expect(after.threshold.value).toBeCloseTo(set, 1);
  expect(watched).toMatchObject({ faults: [], elsewhere: [] });
  await page.close();
});

it('a region of interest and what is ignored are drawn with the mouse, and respected', async () => {
  const { page, watched } = await open();
  const [path] = station.anomalous;
  await drop(page, [path]);
  const before = await ask(path);
  await page.getByRole('button', { name: 'Change…' }).click();
  const box = (await page.locator('.frame').boundingBox())!;
  const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  // a rectangle by dragging
  await page.mouse.move(...at([0.1, 0.1]));
  await page.mouse.down();
  await page.mouse.move(...at([0.9, 0.6]), { steps: 4 });
  await page.mouse.up();
  // a triangle by its corners, closed on the first
  await page.getByText('Ignore here').click();
  for (const corner of [
    [0.2, 0.2],
    [0.5, 0.2],
    [0.2, 0.5],
    [0.2, 0.2],
  ] as const)
    await page.mouse.click(...at(corner));
  await picture(page, 'region-drawn');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Use this region' }).click();
  await otherVersion(page, before.version);
  await judged(page, 1);
  const { regionOfInterest, version } = await detail();
  const near = (corners: number[][], wanted: number[][]) => {
    for (const [i, corner] of corners.entries()) {
      for (const [k, value] of corner.entries()) expect(Math.abs(value - wanted[i][k])).toBeLessThan(0.005);
    }
  };
  near(regionOfInterest!.include[0], [
    [0.1, 0.1],
    [0.9, 0.1],
    [0.9, 0.6],
    [0.1, 0.6],
  ]);
  near(regionOfInterest!.ignore[0], [
    [0.2, 0.2],
    [0.5, 0.2],
    [0.2, 0.5],
  ]);
  const after = await ask(path);
  expect(after.version).toBe(version);
  expect(after.score).toBeLessThanOrEqual(before.score);
  expect((await scores(page))[0]).toBeCloseTo(after.score, 1);
  await picture(page, 'region');
  // all of the picture again, by taking the areas away
  await page.getByRole('button', { name: 'Change…' }).click();
  for (let i = 0; i < 2; i++) await page.locator('.areas button').first().click();
  await page.getByRole('button', { name: 'Judge all of the picture' }).click();
  await otherVersion(page, version);
  expect((await detail()).regionOfInterest).toBe(null);
  expect((await ask(path)).score).toBe(before.score);
  expect(watched).toMatchObject({ faults: [], elsewhere: [] });
  await page.close();
});

it('"this is good" teaches the detector, as a version that is in use at once, and there is a way back', async () => {
  const { page, watched } = await open();
  await drop(page, station.anomalous.slice(0, 3));
  const [path] = station.anomalous;
  const before = await ask(path);
  await page.locator('.list li').first().click();
  await page.getByRole('button', { name: /^This is good/ }).click();
  await page.locator('.list li[data-said=good]').waitFor();
  await page.getByRole('button', { name: 'Take the good ones into account' }).click();
  await otherVersion(page, before.version);
  await judged(page, 3);
  expect(await page.locator('[role=status]').textContent()).toMatch(
    /Version \d+ is in use\. It has taken 1 good picture into account in [\d.]+ s/,
  );
  const after = await ask(path);
  expect(after.version).toBe(await versionOf(page));
  expect(after.score).toBeLessThan(before.score);
  expect((await scores(page))[0]).toBeCloseTo(after.score, 1);
  await page.locator('summary', { hasText: 'Decisions' }).click();
  await page.locator('.decisions li').first().waitFor();
  expect(await page.locator('.decisions li').first().textContent()).toContain(
    '1 good picture taken into account',
  );
  await picture(page, 'taught');
  expect(await faultsOf(page)).toEqual([]);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download judged pictures' }).click();
  expect((await saving).suggestedFilename()).toBe('weave-judged.tar');
  await page.locator('#version').selectOption(String(before.version));
  await page.getByText(`Version ${before.version} is in use.`).waitFor();
  await judged(page, 3);
  expect((await ask(path)).version).toBe(before.version);
  expect((await ask(path)).score).toBe(before.score);
  expect(watched).toMatchObject({ faults: [], elsewhere: [] });
  await page.close();
});
