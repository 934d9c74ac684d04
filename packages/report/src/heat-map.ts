import { checkOptions } from '@ddad/options';
import { checkPixels, type Size } from './check-pixels.js';
import { palette } from './palette.js';
import { quantize, rangeOf } from './quantize.js';

/** Options of {@link heatMap}. */
export interface HeatMapOptions extends Size {
  /** Map values of the first and the last colour; values beyond take those. @default the map's own range */
  range?: readonly [number, number];
}

/**
 * An anomaly map in the inferno colours: black, purple, orange, pale yellow. Lightness rises steadily, so it reads
 * in gray and with any colour vision.
 * @param map [height * width], row-major
 * @returns RGB, [height * width * 3]
 * @throws if the map's length is not width x height
 */
export function heatMap(map: ArrayLike<number>, options: HeatMapOptions): Uint8Array {
  checkOptions('heatMap', options, { range: true, width: true, height: true });
  const { width, height, range = rangeOf([map]) } = options;
  checkPixels('heatMap', map, { width, height, channels: 1 });
  const levels = quantize(map, { range });
  const rgb = new Uint8Array(3 * levels.length);
  for (let i = 0; i < levels.length; i++) {
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = palette[3 * levels[i] + c];
  }
  return rgb;
}
