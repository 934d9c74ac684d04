import { csv } from '../io/csv.js';
import type { BadFile, FileDetection } from './file-detection.js';

const columns = [
  'path',
  'verdict',
  'score',
  'threshold',
  'regions',
  'x',
  'y',
  'width',
  'height',
  'foreign',
  'error',
];

/**
 * Detections as CSV, a row per image in the order given; `x` to `height` are the rectangle around the region with the
 * highest peak, in pixels of the image as it was given; `foreign` says whether the image is no picture of this part.
 */
export function detectionsCsv(results: readonly (FileDetection | BadFile)[]): string {
  return csv([
    columns,
    ...results.map((result) => {
      if ('error' in result) return [result.path, 'not read', '', '', '', '', '', '', '', '', result.error];
      const { path, isAnomalous, isForeign, score, threshold, regions } = result;
      const { x, y, width, height } = regions[0]?.original ?? { x: '', y: '', width: '', height: '' };
      const verdict = isAnomalous ? 'anomalous' : 'good';
      const foreign = isForeign === undefined ? '' : isForeign ? 'yes' : 'no';
      return [path, verdict, score, threshold, regions.length, x, y, width, height, foreign, ''];
    }),
  ]);
}
