import { checkOptions } from '@ddad/options';
import { escapeText } from './escape.js';
import { style } from './page/style.js';

/** Text, or links one after another. */
export type TableCell = string | readonly { text: string; href?: string }[];

/** A table of a page. */
export interface PageTable {
  /** Heading above it. */
  title: string;
  header: readonly string[];
  /** As many cells as the header has; the first is the row's heading. */
  rows: readonly (readonly TableCell[])[];
  /** A last row, such as means. */
  footer?: readonly TableCell[];
}

/** Options of {@link renderTables}. */
export interface TablesOptions {
  /** Heading of the page. */
  title: string;
  /** At least one. */
  tables: readonly PageTable[];
  /** Paragraphs below the heading. */
  notes?: readonly string[];
}

/**
 * Tables of numbers as one HTML text that loads nothing.
 * @throws without a table, or where a row has not as many cells as its header
 */
export function renderTables(options: TablesOptions): string {
  checkOptions('renderTables', options, { title: true, tables: true, notes: true });
  const { title, tables, notes = [] } = options;
  if (tables.length === 0) throw new Error('renderTables: needs at least one table, got none');
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
<main>${tables.map(section).join('\n')}</main>
</body>
</html>
`;
}

function section({ title, header, rows, footer }: PageTable, index: number): string {
  for (const row of footer ? [...rows, footer] : rows) {
    if (row.length === header.length) continue;
    throw new Error(
      `renderTables: '${title}' needs ${header.length} cells in every row, as its header has, got ${row.length}`,
    );
  }
  const id = `table-${index + 1}`;
  const head = header.map((name) => `<th scope="col">${escapeText(name)}</th>`).join('');
  return `<section aria-labelledby="${id}"><h2 id="${id}">${escapeText(title)}</h2>
<div class="scroll" tabindex="0" role="group" aria-labelledby="${id}"><table class="numbers"><thead><tr>${head}</tr></thead>
<tbody>${rows.map(tableRow).join('\n')}</tbody>${footer ? `<tfoot>${tableRow(footer)}</tfoot>` : ''}</table></div>
</section>`;
}

function tableRow([first, ...rest]: readonly TableCell[]): string {
  return `<tr><th scope="row">${cell(first)}</th>${rest.map((each) => `<td>${cell(each)}</td>`).join('')}</tr>`;
}

function cell(content: TableCell): string {
  if (typeof content === 'string') return escapeText(content);
  return content
    .map(({ text, href }) =>
      href === undefined ? escapeText(text) : `<a href="${escapeText(href)}">${escapeText(text)}</a>`,
    )
    .join(' ');
}
