import { columns, type ProgressStream } from './progress.js';

/** Where a command writes; only this package prints. */
export interface Output {
  /** A line for people; silent with `--json`. */
  line(text?: string): void;
  /** A {@link table} for people, as wide as the terminal. */
  table(rows: string[][], header?: string[]): void;
  /** The machine-readable result; written with `--json` alone. */
  json(value: unknown): void;
  /** Writes results as they come: a table's row each for people, one array with `--json`. */
  stream<T>(results: AsyncIterable<T>, columns: StreamColumns<T>): Promise<void>;
}

/** How results are shown one after the other, before it is known how long the others are. */
export interface StreamColumns<T> {
  header: string[];
  row: (result: T) => string[];
  /** Characters each column takes at least. */
  widths: number[];
}

export function createOutput(stdout: ProgressStream, { json }: { json: boolean }): Output {
  const line = (text = '') => void (json || stdout.write(`${text}\n`));
  return {
    line,
    table(rows, header) {
      const width = stdout.isTTY ? columns(stdout, process.env) : Number.POSITIVE_INFINITY;
      line(table(rows, { header, width }));
    },
    json(value) {
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    async stream(results, { header, row, widths }) {
      const cells = (texts: string[]) =>
        texts
          .map((text, i) => text.padEnd(widths[i]))
          .join('  ')
          .trimEnd();
      let count = 0;
      for await (const result of results) {
        if (count === 0) line(cells(header));
        line(cells(row(result)));
        if (json)
          stdout.write(`${count ? ',' : '['}\n  ${JSON.stringify(result, null, 2).replaceAll('\n', '\n  ')}`);
        count++;
      }
      if (json) stdout.write(count ? '\n]\n' : '[]\n');
    },
  };
}

/**
 * `rows` as columns two spaces apart, numbers to the right. Where that is wider than `width`, each row becomes a
 * line for its first cell and an indented one for each other that is not empty.
 */
export function table(
  rows: string[][],
  { header, width = Number.POSITIVE_INFINITY }: { header?: string[]; width?: number } = {},
): string {
  const all = header ? [header, ...rows] : rows;
  const widths = all[0].map((_, i) => Math.max(...all.map((row) => row[i].length)));
  const isNumeric = widths.map((_, i) => i > 0 && rows.every((row) => /^[-+.\d]*$/.test(row[i])));
  const lines = all.map((row) =>
    row
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
  if (lines.every((line) => line.length <= width)) return lines.join('\n');
  return rows
    .flatMap(([first, ...rest]) => [
      first,
      ...rest.flatMap((cell, i) => (cell ? [`  ${header ? `${header[i + 1]} ` : ''}${cell}`] : [])),
    ])
    .join('\n');
}
