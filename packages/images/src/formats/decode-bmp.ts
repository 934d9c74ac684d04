import type { Pixels } from '../pixels.js';

/**
 * Uncompressed BMP: 1, 4 and 8 bits with palette, 24 and 32 bits, either row order. A palette of grays gives one
 * channel. Ours because image-js 1.7 ignores palettes and cannot read rows stored top-down.
 */
export function decodeBmp(bytes: Uint8Array): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const headerSize = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  const depth = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const plain = compression === 0 || (compression === 3 && depth === 32);
  if (headerSize < 40 || ![1, 4, 8, 24, 32].includes(depth) || !plain) {
    throw new Error(
      `the BMP has ${depth} bits per pixel and compression ${compression}; only uncompressed ones of 1, 4, 8, 24 and 32 bits are read`,
    );
  }
  const rowBytes = Math.ceil((width * depth) / 32) * 4;
  const end = start + rowBytes * height;
  if (end > bytes.length) throw new Error(`the BMP is cut: ${bytes.length} of ${end} bytes`);
  const rowStart = (y: number) => start + rowBytes * (signedHeight < 0 ? y : height - 1 - y);
  if (depth >= 24) return readColors(bytes, rowStart, width, height, depth >> 3);

  const colors = Math.min(view.getUint32(46, true) || 1 << depth, 1 << depth);
  const palette = bytes.subarray(14 + headerSize, 14 + headerSize + colors * 4);
  const gray = isGray(palette);
  const channels = gray ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    const row = rowStart(y);
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const index = (bytes[row + (bit >> 3)]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
      if (index * 4 + 3 >= palette.length)
        throw new Error(`the BMP is damaged: colour ${index} is not in its palette`);
      for (let c = 0; c < channels; c++) data[to++] = palette[index * 4 + 2 - c]!;
    }
  }
  return { data, width, height, channels };
}

function readColors(
  bytes: Uint8Array,
  rowStart: (y: number) => number,
  width: number,
  height: number,
  step: number,
): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = rowStart(y); x < width; x++, from += step, to += 3) {
      data[to] = bytes[from + 2]!;
      data[to + 1] = bytes[from + 1]!;
      data[to + 2] = bytes[from]!;
    }
  }
  return { data, width, height, channels: 3 };
}

function isGray(palette: Uint8Array): boolean {
  for (let i = 0; i + 2 < palette.length; i += 4) {
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false;
  }
  return true;
}
