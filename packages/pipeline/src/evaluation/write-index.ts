import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type IndexCategory, renderIndex } from '@ddad/report';
import { writeAtomic } from '../io/write-atomic.js';
import { publishedResults } from '../published/published-results.js';
import { named } from './metric-names.js';
import type { Report } from './report.js';

/**
 * Writes `index.html` beside the results of several categories of one data set: their metrics, the published ones,
 * and links to their reports. Does nothing while there is one category, or where the results of a category do not
 * lie in a folder of its name.
 *
 * @param report of the category whose results were written last
 * @returns the file's path, or undefined where none was written
 */
export async function writeIndex(report: Report): Promise<string | undefined> {
  const folder = dirname(report.files.metrics);
  const { name, category } = report.dataset;
  if (!category || basename(folder) !== category || !report.files.report) return undefined;
  const root = dirname(folder);
  const categories: IndexCategory[] = [];
  const unreadable: string[] = [];
  for (const entry of (await readdir(root)).sort()) {
    try {
      const found = JSON.parse(await readFile(join(root, entry, 'metrics.json'), 'utf8')) as Report;
      if (found.dataset.name !== name || found.dataset.category !== entry) continue;
      const published = publishedResults(found.config.data.kind, entry);
      categories.push({
        name: entry,
        href: found.files.report && `${encodeURIComponent(entry)}/${basename(found.files.report)}`,
        metrics: named(found.metrics),
        published: published && named(published),
      });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') continue; // a folder or file of something else
      unreadable.push(`Left out: ${entry}/metrics.json, which cannot be read (${(error as Error).message}).`);
    }
  }
  if (categories.length < 2) return undefined;
  const path = join(root, 'index.html');
  const notes = categories.some((each) => each.published)
    ? ['Published: by the DDAD authors, with their latest code and its settings per category.']
    : [];
  const html = renderIndex({
    title: `DDAD on ${name}`,
    categories,
    publishedName: 'published',
    notes: [...notes, ...unreadable],
  });
  await writeAtomic(path, html);
  return path;
}
