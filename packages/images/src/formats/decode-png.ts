import { concat } from '../concat.js';
import { crc32 } from '../crc32.js';
import { inflate } from '../platform.js';
import type { Samples } from '../samples.js';

/** Samples per pixel by PNG colour type. */
const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const DEPTHS: Record<number, number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

interface Layout {
  width: number;
  height: number;
  depth: number;
  samples: number;
}

/**
 * Every colour type and bit depth, interlaced or not. Transparency chunks are read for palettes and ignored for others.
 *
 * Ours because inflation through Node's own zlib is several times faster than in JavaScript.
 */
export function decodePng(bytes: Uint8Array): Samples {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const [depth, colorType, , , interlace] = bytes.subarray(24, 29) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const samples = SAMPLES[colorType];
  if (samples === undefined || !DEPTHS[colorType]!.includes(depth) || interlace > 1) {
    throw new Error(
      `the PNG has colour type ${colorType}, bit depth ${depth} and interlace ${interlace}, no valid combination`,
    );
  }
  const layout = { width, height, depth, samples };
  const { data, palette, transparency } = readChunks(bytes, view);
  if (colorType === 3 && palette === undefined) throw new Error('the PNG has no palette');
  const passes = interlace === 1 ? ADAM7 : [[0, 0, 1, 1] as const];
  const raw = inflateRows(
    data,
    passes.reduce((sum, pass) => sum + passBytes(layout, pass), 0),
  );
  const values = new (depth === 16 ? Uint16Array : Uint8Array)(width * height * samples);
  let offset = 0;
  for (const pass of passes) {
    const size = passBytes(layout, pass);
    if (size > 0) readPass(raw.subarray(offset, offset + size), layout, pass, colorType === 3, values);
    offset += size;
  }
  const image = { data: values, width, height, channels: samples };
  return colorType === 3 ? { ...image, palette: rgbaPalette(palette!, transparency) } : image;
}

interface Chunks {
  data: Uint8Array;
  /** RGB. */
  palette?: Uint8Array;
  transparency?: Uint8Array;
}

function readChunks(bytes: Uint8Array, view: DataView): Chunks {
  const parts: Uint8Array[] = [];
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length && type !== 'IDAT') break;
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (
      (type === 'IHDR' || type === 'PLTE') &&
      crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)
    ) {
      throw new Error(`the PNG is damaged: the checksum of its ${type} chunk is wrong`);
    }
    if (type === 'IEND') break;
    if (type === 'IDAT') parts.push(body);
    else if (type === 'PLTE') palette = body;
    else if (type === 'tRNS') transparency = body;
    at += 12 + length;
  }
  if (parts.length === 0) throw new Error('the PNG has no image data');
  return { data: parts.length === 1 ? parts[0]! : concat(parts), palette, transparency };
}

/** Some encoders add a few bytes after the last row. */
const SPARE = 64;

function inflateRows(data: Uint8Array, expected: number): Uint8Array {
  let raw: Uint8Array;
  try {
    raw = inflate(data, expected + SPARE);
  } catch (error) {
    throw new Error(`the PNG's image data is damaged or cut (${(error as Error).message})`, { cause: error });
  }
  if (raw.length < expected)
    throw new Error(`the PNG is cut: ${raw.length} of ${expected} bytes of image data`);
  return raw;
}

/** x and y offset, x and y step. */
type Pass = readonly [number, number, number, number];
const ADAM7: readonly Pass[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

function passSize({ width, height }: Layout, [x, y, dx, dy]: Pass): [number, number] {
  return [Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy))];
}

function passBytes(layout: Layout, pass: Pass): number {
  const [width, height] = passSize(layout, pass);
  return width === 0 ? 0 : height * (1 + Math.ceil((width * layout.samples * layout.depth) / 8));
}

function readPass(
  raw: Uint8Array,
  layout: Layout,
  pass: Pass,
  indexed: boolean,
  out: Uint8Array | Uint16Array,
): void {
  const { depth, samples } = layout;
  const [width, height] = passSize(layout, pass);
  const rowBytes = Math.ceil((width * samples * depth) / 8);
  const pixelBytes = Math.max(1, (samples * depth) >> 3);
  const [x0, y0, dx, dy] = pass;
  const whole = depth === 8 && dx === 1;
  let previous: Uint8Array = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y++) {
    const start = y * (rowBytes + 1);
    const row = raw.subarray(start + 1, start + 1 + rowBytes);
    unfilter(raw[start]!, row, previous, pixelBytes);
    previous = row;
    const to = ((y0 + y * dy) * layout.width + x0) * samples;
    if (whole) {
      out.set(row, to);
      continue;
    }
    if (depth === 16 && dx === 1) {
      for (let i = 0; i < rowBytes; i += 2) out[to + (i >> 1)] = (row[i]! << 8) | row[i + 1]!;
      continue;
    }
    const scale = indexed || depth >= 8 ? 1 : 255 / ((1 << depth) - 1);
    for (let i = 0; i < width * samples; i++) {
      const at = to + Math.floor(i / samples) * dx * samples + (i % samples);
      out[at] = sample(row, i, depth) * scale;
    }
  }
}

function sample(row: Uint8Array, i: number, depth: number): number {
  if (depth === 8) return row[i]!;
  if (depth === 16) return (row[2 * i]! << 8) | row[2 * i + 1]!;
  const bit = i * depth;
  return (row[bit >> 3]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

function unfilter(type: number, row: Uint8Array, above: Uint8Array, step: number): void {
  const n = row.length;
  switch (type) {
    case 0:
      return;
    case 1:
      for (let i = step; i < n; i++) row[i] = row[i]! + row[i - step]!;
      return;
    case 2:
      for (let i = 0; i < n; i++) row[i] = row[i]! + above[i]!;
      return;
    case 3:
      for (let i = 0; i < n; i++) row[i] = row[i]! + (((i < step ? 0 : row[i - step]!) + above[i]!) >> 1);
      return;
    case 4:
      for (let i = 0; i < step && i < n; i++) row[i] = row[i]! + above[i]!;
      for (let i = step; i < n; i++) {
        const a = row[i - step]!;
        const b = above[i]!;
        const c = above[i - step]!;
        const pa = Math.abs(b - c);
        const pb = Math.abs(a - c);
        const pc = Math.abs(a + b - c - c);
        row[i] = row[i]! + (pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
      }
      return;
    default:
      throw new Error(`the PNG is damaged: row filter ${type}`);
  }
}

function rgbaPalette(palette: Uint8Array, transparency?: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: 4 * Math.floor(palette.length / 3) }, (_, i) =>
    i % 4 === 3 ? (transparency?.[i >> 2] ?? 255) : palette[(i >> 2) * 3 + (i % 4)]!,
  );
}
