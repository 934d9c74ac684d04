import type { ImageResult } from './report.js';

const columns = ['id', 'defect', 'label', 'score', 'anomalous'];

/** The scores of a test set as CSV (RFC 4180, LF lines), a row per image in the order given. */
export function scoresCsv(images: readonly ImageResult[]): string {
  const rows = images.map(({ id, defect, label, score, isAnomalous }) =>
    [id, defect, label ?? '', score, isAnomalous ? 1 : 0].map(field).join(','),
  );
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
