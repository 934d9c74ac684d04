/** Interleaved 8-bit pixels, row-major: `data[(y * width + x) * channels + c]`. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
  /** 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA. */
  channels: number;
}

/** Throws unless `pixels` is consistent; `who` opens the message. */
export function assertPixels(who: string, { data, width, height, channels }: Pixels): void {
  if (!isSide(width) || !isSide(height) || !(channels >= 1 && channels <= 4)) {
    throw new Error(
      `${who}: needs pixels of at least 1x1 with 1 to 4 channels, got ${width}x${height}x${channels}`,
    );
  }
  if (data.length !== width * height * channels) {
    throw new Error(
      `${who}: ${width}x${height}x${channels} pixels need ${width * height * channels} bytes, got ${data.length}`,
    );
  }
}

/** Throws unless `size` is `[height, width]` in whole pixels; `who` opens the message. */
export function assertSize(who: string, size: readonly [number, number]): void {
  if (!Array.isArray(size) || size.length !== 2 || !size.every(isSide)) {
    throw new Error(`${who}: size must be [height, width] in whole pixels, got ${JSON.stringify(size)}`);
  }
}

function isSide(n: number): boolean {
  return Number.isInteger(n) && n >= 1;
}
