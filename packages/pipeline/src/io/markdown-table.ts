/** A table of text in GitHub's Markdown. */
export function markdownTable({
  header,
  rows,
  footer,
}: {
  header: readonly string[];
  rows: readonly (readonly unknown[])[];
  footer?: readonly unknown[];
}): string {
  const line = (cells: readonly unknown[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |\n`;
  const rule = header.map((_, i) => (i === 0 ? '---' : '---:'));
  return [header, rule, ...rows, ...(footer ? [footer] : [])].map(line).join('');
}
