import { checkOptions } from '@ddad/options';
import { formatMetric, formatName } from './format.js';
import { renderTables } from './render-tables.js';

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
  const cell = (value: number | undefined) => (value === undefined ? '–' : formatMetric(value));
  const means = columns.map(({ key, source }) => {
    const values = categories.flatMap((c) => c[source]?.[key] ?? []);
    return cell(values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : undefined);
  });
  const table = {
    title: 'Categories',
    header: ['Category', ...columns.map(({ name }) => name)],
    rows: categories.map((category) => [
      [{ text: category.name, href: category.href }],
      ...columns.map(({ key, source }) => cell(category[source]?.[key])),
    ]),
    footer: ['Mean', ...means],
  };
  return renderTables({ title, notes, tables: [table] });
}
