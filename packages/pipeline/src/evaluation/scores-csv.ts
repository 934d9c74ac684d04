import { csv } from '../io/csv.js';
import type { ImageResult } from './image-result.js';

const columns = ['id', 'defect', 'label', 'score', 'anomalous'];

/** The scores of a test set as CSV, a row per image in the order given. */
export function scoresCsv(images: readonly ImageResult[]): string {
  return csv([
    columns,
    ...images.map(({ id, defect, label, score, isAnomalous }) => [
      ...[id, defect, label ?? '', score],
      isAnomalous ? 1 : 0,
    ]),
  ]);
}
