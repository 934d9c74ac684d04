import { heatMap } from '@ddad/report';
import type { PlacedMap } from './map-of.js';

/** How much of the picture the heat map covers from the threshold on, and the share of the threshold from which on it does. */
const most = 0.85;
const visible = 0.55;

/**
 * A map in colours, clear where little is, the brightest at twice the threshold: the colours of reports and overlays.
 */
export function paintHeat(
  canvas: HTMLCanvasElement,
  { width, height, values }: PlacedMap,
  threshold: number,
): void {
  canvas.width = width;
  canvas.height = height;
  const top = threshold > 0 ? 2 * threshold : 1;
  const rgb = heatMap(values, { width, height, range: [0, top] });
  const image = new ImageData(width, height);
  for (let i = 0; i < values.length; i++) {
    image.data.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
    const share = (values[i] / (top / 2) - visible) / (1 - visible);
    image.data[4 * i + 3] = 255 * most * Math.min(Math.max(share, 0), 1);
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
