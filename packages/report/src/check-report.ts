import { checkPixels } from './check-pixels.js';
import type { ReportOptions } from './report-options.js';

/** Throws if a report cannot be drawn, naming the image. */
export function checkReport({ images, threshold, mapRange, calibrationScores = [] }: ReportOptions): void {
  if (images.length === 0) throw new Error('renderReport: needs at least one image, got none');
  if (!Number.isFinite(threshold)) {
    throw new Error(`renderReport: threshold must be a finite number, got ${threshold}`);
  }
  if (mapRange && !(mapRange[0] <= mapRange[1])) {
    throw new Error(`renderReport: mapRange must be [low, high], got [${mapRange.join(', ')}]`);
  }
  const wrong = calibrationScores.findIndex((score) => !Number.isFinite(score));
  if (wrong >= 0) {
    throw new Error(
      `renderReport: calibrationScores must be finite numbers, got ${calibrationScores[wrong]} at index ${wrong}`,
    );
  }
  for (const { id, label, score, width, height, input, reconstruction, map, mask } of images) {
    const who = `renderReport: image '${id}'`;
    if (!Number.isFinite(score)) throw new Error(`${who}: score must be a finite number, got ${score}`);
    if (label !== undefined && label !== 0 && label !== 1) {
      throw new Error(`${who}: label must be 0 or 1, got ${label}`);
    }
    checkPixels(`${who}, input`, input, { width, height, channels: 3 });
    checkPixels(`${who}, map`, map, { width, height, channels: 1 });
    if (reconstruction) checkPixels(`${who}, reconstruction`, reconstruction, { width, height, channels: 3 });
    if (mask) checkPixels(`${who}, mask`, mask, { width, height, channels: 1 });
    const bad = map.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new Error(`${who}: map must be finite, got ${map[bad]} at index ${bad}`);
  }
}
