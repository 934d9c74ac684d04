import { csv } from '../io/csv.js';
import type { ImageResult } from './image-result.js';

const columns = ['id', 'defect', 'label', 'score', 'anomalous', 'foreign'];

/** The scores of a test set as CSV, a row per image in the order given. */
export function scoresCsv(images: readonly ImageResult[]): string {
  return csv([
    columns,
    ...images.map(({ id, defect, label, score, isAnomalous, isForeign }) => [
      ...[id, defect, label ?? '', score],
      ...[isAnomalous ? 1 : 0, isForeign === undefined ? '' : isForeign ? 1 : 0],
    ]),
  ]);
}
