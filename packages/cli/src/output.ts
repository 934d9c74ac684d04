/** Where a command writes; only this package prints. */
export interface Output {
  /** A line for people; silent with `--json`. */
  line(text?: string): void;
  /** The machine-readable result; written with `--json` alone. */
  json(value: unknown): void;
}

export function createOutput(stdout: NodeJS.WritableStream, { json }: { json: boolean }): Output {
  return {
    line(text = '') {
      if (!json) stdout.write(`${text}\n`);
    },
    json(value) {
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
  };
}

/** `rows` as columns two spaces apart: the first to the left, the others to the right. */
export function table(rows: string[][]): string {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
