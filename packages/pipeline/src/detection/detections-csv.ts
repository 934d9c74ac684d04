import { csv } from '../io/csv.js';
import type { BadFile, FileDetection } from './file-detection.js';

const columns = ['path', 'verdict', 'score', 'threshold', 'regions', 'x', 'y', 'width', 'height', 'error'];

/**
 * Detections as CSV, a row per image in the order given; `x` to `height` are the rectangle around the region with the
 * highest peak, in pixels of the image as it was given.
 */
export function detectionsCsv(results: readonly (FileDetection | BadFile)[]): string {
  return csv([
    columns,
    ...results.map((result) => {
      if ('error' in result) return [result.path, 'not read', '', '', '', '', '', '', '', result.error];
      const { path, isAnomalous, score, threshold, regions } = result;
      const { x, y, width, height } = regions[0]?.original ?? { x: '', y: '', width: '', height: '' };
      const verdict = isAnomalous ? 'anomalous' : 'good';
      return [path, verdict, score, threshold, regions.length, x, y, width, height, ''];
    }),
  ]);
}
