import type { Page } from '@ddad/testing/browser';

/** What a page has said and asked for. */
export class Watched {
  /** Errors and warnings of the console, and what was thrown. */
  readonly faults: string[] = [];
  /** Requests to other hosts. */
  readonly elsewhere: string[] = [];

  constructor(page: Page, origin: string) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.faults.push(message.text());
    });
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(origin) && !/^(blob|data):/.test(url)) this.elsewhere.push(url);
    });
  }
}
