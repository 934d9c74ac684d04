/** Size of an image in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** Throws unless the array has `channels` values for each of width x height pixels. */
export function checkPixels(who: string, pixels: ArrayLike<number>, size: Size & { channels: number }): void {
  const { width, height, channels } = size;
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new Error(`${who}: width and height must be positive whole numbers, got ${width} and ${height}`);
  }
  const needed = width * height * channels;
  if (pixels.length !== needed) {
    throw new Error(
      `${who}: ${width} x ${height} pixels with ${channels} value(s) each need ${needed}, got ${pixels.length}`,
    );
  }
}
