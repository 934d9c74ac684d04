import { columns, type ProgressStream } from './progress-stream.js';
import { table } from './table.js';

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
