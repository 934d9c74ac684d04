import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { type Browser, openPage, type Page } from '@ddad/testing/browser';
import { Watched } from './watched.js';

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

/** The page of a station with nothing on it. */
export async function open(
  browser: Browser,
  url: string,
  {
    viewport = desktop,
    colorScheme = 'light',
  }: { viewport?: typeof desktop; colorScheme?: 'light' | 'dark' } = {},
) {
  const page = await openPage(browser, { viewport, colorScheme });
  const watched = new Watched(page, url);
  await page.goto(url);
  return { page, watched };
}

/** Waits until the page knows its detector. */
export const ready = (page: Page) => page.waitForSelector('#detector option', { state: 'attached' });

/** Drops files on the page, as a person does with the mouse. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const files = await Promise.all(
    paths.map(async (path) => ({ name: basename(path), base64: (await readFile(path)).toString('base64') })),
  );
  await page.evaluate((given) => {
    const transfer = new DataTransfer();
    for (const [i, { name, base64 }] of given.entries()) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], `${i}-${name}`, { type: 'image/png' }));
    }
    for (const type of ['dragenter', 'dragover', 'drop']) {
      document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    }
  }, files);
  await judged(page, paths.length);
}

/** Waits until so many pictures are on the page and judged. */
export async function judged(page: Page, count: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const rows = [...document.querySelectorAll<HTMLElement>('.list li')];
    return rows.length === wanted && rows.every((row) => row.dataset.state === 'seen');
  }, count);
}

/** Waits until a version other than this one is in use. */
export async function otherVersion(page: Page, version: number): Promise<void> {
  await page.waitForFunction(
    (before) => Number(document.querySelector<HTMLSelectElement>('#version')!.value) !== before,
    version,
  );
}

export const scores = (page: Page) =>
  page.locator('.list li .score').evaluateAll((all) => all.map((each) => Number(each.textContent)));
export const versionOf = async (page: Page) => Number(await page.locator('#version').inputValue());

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe-core finds at fault with the page as it stands. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axePath, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html}`);
  });
}

/** Keeps what the page looks like, where a folder for it is named. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  const folder = process.env.DDAD_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}
