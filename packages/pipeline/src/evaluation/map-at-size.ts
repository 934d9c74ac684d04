import { type Fit, placementOf } from '@ddad/images';

/**
 * An anomaly map at the size of the picture that it is of: bilinear between the centres of its pixels, the nearest beyond
 * those at the border.
 *
 * @param map `side * side`, row-major
 * @param options.fit how the picture was brought to the square: `stretch` or `pad`, whose bars are cut off
 * @returns `width * height`, row-major
 */
export function mapAtSize(
  map: Float32Array,
  { side, width, height, fit }: { side: number; width: number; height: number; fit: Exclude<Fit, 'crop'> },
): Float32Array {
  const { target } = placementOf({ width, height }, { size: [side, side], fit });
  const columns = positions(width, target.x, target.width);
  const rows = positions(height, target.y, target.height);
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const { below, share } = rows[y];
    const above = share === 0 ? below : below + 1;
    for (let x = 0; x < width; x++) {
      const { below: left, share: part } = columns[x];
      const right = part === 0 ? left : left + 1;
      const top = map[below * side + left] * (1 - part) + map[below * side + right] * part;
      const bottom = map[above * side + left] * (1 - part) + map[above * side + right] * part;
      out[y * width + x] = top * (1 - share) + bottom * share;
    }
  }
  return out;
}

/** For each of `count` pixels: the pixel at or before it among `extent` from `from` on, and how far it is to the next. */
function positions(count: number, from: number, extent: number): { below: number; share: number }[] {
  return Array.from({ length: count }, (_, i) => {
    const at = Math.min(Math.max(((i + 0.5) * extent) / count - 0.5, 0), extent - 1);
    const below = Math.floor(at);
    return { below: from + below, share: at - below };
  });
}
