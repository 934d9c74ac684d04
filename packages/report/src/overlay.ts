import { defectPixels } from '@ddad/metrics/regions';
import { checkOptions } from '@ddad/options';
import { checkPixels } from './check-pixels.js';
import { type HeatMapOptions, heatMap } from './heat-map.js';

/** Options of {@link overlay}. */
export interface OverlayOptions extends HeatMapOptions {
  /** The contour encloses the defects at this threshold, see `defectPixels` of @ddad/metrics/regions. */
  threshold: number;
  /**
   * Of what was seen at once, where the image was put together from tiles, pixels.
   *
   * @default the longer side
   */
  side?: number;
  /** Share of the heat map in the mixture, 0 (only the image) to 1. @default 0.5 */
  alpha?: number;
}

const CONTOUR = [86, 224, 255];

/**
 * An image mixed with the heat map of its anomaly map, with a light blue contour around the defects at the threshold,
 * one pixel wide and inside the region.
 * @param rgb [height * width * 3], row-major
 * @param map [height * width]
 * @returns RGB, [height * width * 3]
 * @throws if lengths do not match the size, or alpha is outside [0, 1]
 */
export function overlay(rgb: ArrayLike<number>, map: ArrayLike<number>, options: OverlayOptions): Uint8Array {
  checkOptions('overlay', options, {
    threshold: true,
    side: true,
    alpha: true,
    range: true,
    width: true,
    height: true,
  });
  const { width, height, range, threshold, side, alpha = 0.5 } = options;
  checkPixels('overlay', rgb, { width, height, channels: 3 });
  checkPixels('overlay', map, { width, height, channels: 1 });
  if (!(alpha >= 0 && alpha <= 1)) throw new Error(`overlay: alpha must be in [0, 1], got ${alpha}`);
  return mixed(rgb, map, {
    ...{ width, height, range, alpha },
    inside: defectPixels(map, { shape: [height, width], threshold, image: rgb, side }),
  });
}

/** {@link overlay} with the pixels that the contour encloses. */
export function mixed(
  rgb: ArrayLike<number>,
  map: ArrayLike<number>,
  { width, height, range, alpha = 0.5, inside }: HeatMapOptions & { alpha?: number; inside: Uint8Array },
): Uint8Array {
  const heat = heatMap(map, { width, height, range });
  const out = heat.map((value, i) => Math.round(alpha * value + (1 - alpha) * rgb[i]));
  const isInside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && inside[y * width + x] === 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!isInside(x, y)) continue;
      if (isInside(x - 1, y) && isInside(x + 1, y) && isInside(x, y - 1) && isInside(x, y + 1)) continue;
      out.set(CONTOUR, 3 * (y * width + x));
    }
  return out;
}
