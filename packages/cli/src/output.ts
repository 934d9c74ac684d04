import { columns, type ProgressStream } from './progress.js';

/** Where a command writes; only this package prints. */
export interface Output {
  /** A line for people; silent with `--json`. */
  line(text?: string): void;
  /** A {@link table} for people, as wide as the terminal. */
  table(rows: string[][], header?: string[]): void;
  /** The machine-readable result; written with `--json` alone. */
  json(value: unknown): void;
  /** A result of several, as it comes: a line of JSON each, with `--json` alone. */
  jsonLine(value: unknown): void;
}

/** @param options.before called before anything is written */
export function createOutput(
  stdout: ProgressStream,
  { json, before = () => {} }: { json: boolean; before?: () => void },
): Output {
  const write = (text: string) => {
    before();
    stdout.write(`${text}\n`);
  };
  const line = (text = '') => void (json || write(text));
  return {
    line,
    table(rows, header) {
      const width = stdout.isTTY ? columns(stdout, process.env) : Number.POSITIVE_INFINITY;
      line(table(rows, { header, width }));
    },
    json(value) {
      if (json) write(JSON.stringify(value, null, 2));
    },
    jsonLine(value) {
      if (json) write(JSON.stringify(value));
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
