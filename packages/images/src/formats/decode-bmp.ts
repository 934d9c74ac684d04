import type { Samples } from '../samples.js';
import { type BmpHeader, bmpHeader } from './bmp-header.js';

const COMPRESSIONS: Record<number, string> = { 4: 'JPEG', 5: 'PNG', 6: 'ALPHABITFIELDS' };
const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;

/**
 * BMP of Windows and OS/2: 1, 4 and 8 bits with palette, plain or run-length encoded; 16, 24 and 32 bits, with masks in
 * any order; either order of rows.
 *
 * @throws if it is cut, damaged or of a kind that is not read
 */
export function decodeBmp(bytes: Uint8Array): Samples {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = bmpHeader(view);
  const { depth, compression, width, height } = header;
  const masksBehind = compression === BITFIELDS && header.end === 54 ? 12 : 0;
  const start = view.getUint32(10, true) || header.end + masksBehind;
  const isRuns = (compression === RLE8 && depth === 8) || (compression === RLE4 && depth === 4);
  const isPlain = compression === 0 && [1, 4, 8, 16, 24, 32].includes(depth);
  const hasMasks = compression === BITFIELDS && [16, 24, 32].includes(depth);
  if (!isRuns && !isPlain && !hasMasks) {
    const how = COMPRESSIONS[compression] ?? `number ${compression}`;
    throw new Error(
      `the BMP has ${depth} bits per pixel${compression ? ` and ${how} compression` : ''}, which is not read`,
    );
  }
  if (depth > 8) return readColors(bytes, view, start, header);
  const palette = readPalette(bytes, header);
  // Some files count the palette to the header and leave it out of the offset.
  const from = start === header.end ? start + (palette.length / 4) * header.colorBytes : start;
  const data = isRuns ? readRuns(bytes.subarray(from), header) : readIndices(bytes, from, header);
  return { data, width, height, channels: 1, palette };
}

/** The rows from top to bottom, each as the place where it begins. */
function rowStarts(bytes: Uint8Array, start: number, { width, height, depth, topDown }: BmpHeader): number[] {
  const rowBytes = Math.ceil((width * depth) / 32) * 4;
  const end = start + rowBytes * height;
  if (end > bytes.length) throw new Error(`the BMP is cut: ${bytes.length} of ${end} bytes`);
  return Array.from({ length: height }, (_, y) => start + rowBytes * (topDown ? y : height - 1 - y));
}

function readPalette(bytes: Uint8Array, { end, colors, depth, colorBytes }: BmpHeader): Uint8Array {
  const most = 1 << depth;
  const count = Math.min(colors || most, most);
  if (end + count * colorBytes > bytes.length) throw new Error('the BMP is cut: it ends inside its palette');
  return Uint8Array.from({ length: 4 * count }, (_, i) =>
    i % 4 === 3 ? 255 : bytes[end + (i >> 2) * colorBytes + 2 - (i % 4)]!,
  );
}

function readIndices(bytes: Uint8Array, start: number, header: BmpHeader): Uint8Array {
  const { width, height, depth } = header;
  const data = new Uint8Array(width * height);
  let to = 0;
  for (const row of rowStarts(bytes, start, header)) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      data[to++] = (bytes[row + (bit >> 3)]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
  }
  return data;
}

/** Pixels that the runs leap over are of colour 0. */
function readRuns(runs: Uint8Array, { width, height, depth, topDown }: BmpHeader): Uint8Array {
  const data = new Uint8Array(width * height);
  const packed = depth === 4;
  let x = 0;
  let y = 0;
  const put = (color: number) => {
    if (x < width && y < height) data[(topDown ? y : height - 1 - y) * width + x] = color;
    x++;
  };
  for (let at = 0; y < height; ) {
    if (at + 2 > runs.length) throw new Error(`the BMP is cut: ${y} of ${height} rows`);
    const count = runs[at++]!;
    const value = runs[at++]!;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(packed ? (i & 1 ? value & 15 : value >> 4) : value);
    } else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) {
      if (y < height - 1 || x < width) throw new Error(`the BMP is cut: it ends in row ${y} of ${height}`);
      break;
    } else if (value === 2) {
      if (at + 2 > runs.length) throw new Error(`the BMP is cut: ${y} of ${height} rows`);
      x += runs[at++]!;
      y += runs[at++]!;
    } else {
      const length = packed ? (value + 1) >> 1 : value;
      if (at + length > runs.length) throw new Error(`the BMP is cut: ${y} of ${height} rows`);
      for (let i = 0; i < value; i++) {
        const byte = runs[at + (packed ? i >> 1 : i)]!;
        put(packed ? (i & 1 ? byte & 15 : byte >> 4) : byte);
      }
      at += length + (length & 1);
    }
  }
  return data;
}

interface Mask {
  shift: number;
  most: number;
}

function readColors(bytes: Uint8Array, view: DataView, start: number, header: BmpHeader): Samples {
  const { width, height, depth } = header;
  const masks = colorMasks(view, header);
  const channels = masks.length;
  const step = depth >> 3;
  const data = new Uint8Array(width * height * channels);
  if (masks.every(({ most, shift }) => most === 255 && shift % 8 === 0)) {
    const [red, green, blue, alpha] = masks.map(({ shift }) => shift >> 3) as [
      number,
      number,
      number,
      number,
    ];
    let to = 0;
    for (const row of rowStarts(bytes, start, header)) {
      for (let from = row; from < row + width * step; from += step) {
        data[to++] = bytes[from + red]!;
        data[to++] = bytes[from + green]!;
        data[to++] = bytes[from + blue]!;
        if (channels === 4) data[to++] = bytes[from + alpha]!;
      }
    }
    return { data, width, height, channels };
  }
  const scales = masks.map(({ most }) => Uint8Array.from({ length: most + 1 }, (_, v) => (v * 255) / most));
  let to = 0;
  for (const row of rowStarts(bytes, start, header)) {
    for (let from = row; from < row + width * step; from += step) {
      let value = 0;
      for (let i = 0; i < step; i++) value += bytes[from + i]! * 256 ** i;
      masks.forEach(({ shift, most }, c) => {
        data[to++] = scales[c]![Math.floor(value / 2 ** shift) & most]!;
      });
    }
  }
  return { data, width, height, channels };
}

const BGRX = [16, 8, 0].map((shift) => ({ shift, most: 255 }));

/** Red, green, blue, and alpha where the header names it. */
function colorMasks(view: DataView, { depth, compression, end }: BmpHeader): Mask[] {
  if (compression !== BITFIELDS) {
    if (depth === 16) return [10, 5, 0].map((shift) => ({ shift, most: 31 }));
    return BGRX;
  }
  if (view.byteLength < 54 + 16) throw new Error('the BMP is cut: it ends inside its colour masks');
  // A header of 40 bytes is followed by three masks, later ones hold them and a fourth.
  const values = [0, 1, 2, 3].map((i) => (i < 3 || end >= 14 + 56 ? view.getUint32(54 + 4 * i, true) : 0));
  if (depth === 32 && values.every((mask) => mask === 0)) return BGRX;
  const bits = values.map((mask) => [...Array(32).keys()].filter((bit) => (mask / 2 ** bit) & 1));
  const seen = bits.flat();
  const regular =
    bits.every((each, i) => i === 3 || each.length > 0) &&
    bits.every((each) => each.length <= 16 && each.every((bit, k) => bit === each[0]! + k)) &&
    new Set(seen).size === seen.length &&
    seen.every((bit) => bit < depth);
  if (!regular) {
    throw new Error(
      `the BMP has the colour masks ${values.map((mask) => mask.toString(16)).join(', ')}, which is not read`,
    );
  }
  return bits
    .filter((each) => each.length > 0)
    .map((each) => ({ shift: each[0]!, most: 2 ** each.length - 1 }));
}
