import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A new page that waits for as long as a slow machine with a software GPU needs, below the tests' own limit. */
export async function openPage(browser: Browser, options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(150_000);
  return page;
}
