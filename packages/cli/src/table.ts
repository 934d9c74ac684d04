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
