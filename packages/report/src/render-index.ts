import { checkOptions } from '@ddad/options';
import { escapeText } from './escape.js';
import { formatMetric, formatName } from './format.js';
import { style } from './page/style.js';

/** One category of an index. */
export interface IndexCategory {
  name: string;
  /** Address of its report, relative to the index. */
  href?: string;
  /** Name -> value. */
  metrics: Record<string, number>;
  /** Published values of the same metrics, e.g. the paper's. */
  published?: Record<string, number>;
}

/** Options of {@link renderIndex}. */
export interface IndexOptions {
  /** Heading of the page. */
  title: string;
  /** At least one. */
  categories: IndexCategory[];
  /** Heading of the published values. @default 'paper' */
  publishedName?: string;
  /** Paragraphs below the heading. */
  notes?: string[];
}

/**
 * An index of reports as one HTML text: every category's metrics, the published ones beside them, and the means
 * over the categories that have a value.
 * @throws without a category
 */
export function renderIndex(options: IndexOptions): string {
  checkOptions('renderIndex', options, { title: true, categories: true, publishedName: true, notes: true });
  const { title, categories, publishedName = 'paper', notes = [] } = options;
  if (categories.length === 0) throw new Error('renderIndex: needs at least one category, got none');
  const keys = [...new Set(categories.flatMap((c) => Object.keys(c.metrics)))];
  const columns = keys.flatMap((key) => [
    { key, source: 'metrics' as const, name: formatName(key) },
    ...(categories.some((c) => c.published?.[key] !== undefined)
      ? [{ key, source: 'published' as const, name: `${formatName(key)}, ${publishedName}` }]
      : []),
  ]);
  const cell = (value: number | undefined) => `<td>${value === undefined ? '–' : formatMetric(value)}</td>`;
  const rows = categories.map((category) => {
    const name = escapeText(category.name);
    const head = category.href ? `<a href="${escapeText(category.href)}">${name}</a>` : name;
    const cells = columns.map(({ key, source }) => cell(category[source]?.[key]));
    return `<tr><th scope="row">${head}</th>${cells.join('')}</tr>`;
  });
  const means = columns.map(({ key, source }) => {
    const values = categories.flatMap((c) => c[source]?.[key] ?? []);
    return cell(values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : undefined);
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<link rel="icon" href="data:,">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${escapeText(title)}</h1>${notes.map((note) => `<p>${escapeText(note)}</p>`).join('')}</header>
<main><section aria-labelledby="categories"><h2 id="categories">Categories</h2>
<div class="scroll" tabindex="0" role="group" aria-labelledby="categories"><table class="numbers"><thead><tr><th scope="col">Category</th>${columns.map((c) => `<th scope="col">${escapeText(c.name)}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody><tfoot><tr><th scope="row">Mean</th>${means.join('')}</tr></tfoot></table></div>
</section></main>
</body>
</html>
`;
}
