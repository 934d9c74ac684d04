import { type CropBox, centerCrop } from '@ddad/scoring';

/** The centre of a square of `side` pixels that is scored; the whole for `null`. */
export function centreBox(side: number, fraction: number | null): CropBox {
  return centerCrop([side, side], fraction ?? 1);
}

/** The part of a row-major square with `side` columns of one or more interleaved channels. */
export function cropTo<T extends Float32Array | Uint8Array>(
  values: T,
  side: number,
  { top, left, height, width }: CropBox,
): T {
  if (height === side && width === side) return values;
  const channels = values.length / (side * side);
  const out = new (values.constructor as new (length: number) => T)(height * width * channels);
  for (let y = 0; y < height; y++) {
    const from = ((y + top) * side + left) * channels;
    out.set(values.subarray(from, from + width * channels), y * width * channels);
  }
  return out;
}
