import type { SampleArray, Samples } from '../samples.js';
import { cmykToRgb } from './cmyk.js';
import { codecs } from './tiff-compression.js';
import { readTiffLayout, type TiffLayout } from './tiff-layout.js';

/**
 * The first page of a TIFF or BigTIFF: strips or tiles, samples beside each other or in planes; gray, RGB, palette, CMYK
 * and alpha; integers of 1 to 32 bits and floats of 16 to 64; plain, PackBits, LZW or Deflate, with predictors.
 *
 * @throws if it is cut, damaged or of a kind that is not read; the message names it
 */
export function decodeTiff(bytes: Uint8Array): Samples {
  const layout = readTiffLayout(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const { width, height, channels, samples, planar, blocks, alpha, palette } = layout;
  const inBlock = planar ? 1 : samples;
  const rowBytes = Math.ceil((blocks.width * inBlock * layout.depth) / 8);
  const blockBytes = rowBytes * blocks.height;
  const planes = planar ? samples : 1;
  checkRoom(layout, { rowBytes, planes, ratio: codecs[layout.compression]!.ratio });

  const data = emptySamples(layout, width * height * channels);
  for (let plane = 0; plane < (planar ? channels : 1); plane++) {
    for (let down = 0; down < blocks.down; down++) {
      const rows = Math.min(blocks.height, height - down * blocks.height);
      for (let across = 0; across < blocks.across; across++) {
        const index = (plane * blocks.down + down) * blocks.across + across;
        const from = blocks.offsets[index]!;
        let packed = bytes.subarray(from, from + blocks.byteCounts[index]!);
        if (layout.reversed) packed = packed.map(reverseBits);
        const block = unpack(packed, layout, blockBytes);
        if (block.length < rows * rowBytes) {
          throw new Error(`the TIFF is cut: a part has ${block.length} of ${rows * rowBytes} bytes`);
        }
        const left = across * blocks.width;
        const columns = Math.min(blocks.width, width - left);
        for (let row = 0; row < rows; row++) {
          const values = readRow(block.subarray(row * rowBytes, (row + 1) * rowBytes), layout, inBlock);
          const to = ((down * blocks.height + row) * width + left) * channels;
          if (!planar && inBlock === channels) {
            data.set(values.subarray(0, columns * channels), to);
            continue;
          }
          const kept = planar ? 1 : channels;
          for (let x = 0; x < columns; x++) {
            for (let c = 0; c < kept; c++) data[to + x * channels + plane + c] = values[x * inBlock + c]!;
          }
        }
      }
    }
  }
  if (layout.color === 'inverted') for (let i = 0; i < data.length; i++) data[i] = 255 - data[i]!;
  if (layout.color !== 'cmyk') return { data, width, height, channels, alpha, palette };
  const cmyk =
    data instanceof Uint16Array ? Uint8Array.from(data, (value) => value >> 8) : (data as Uint8Array);
  return { data: cmykToRgb(cmyk), width, height, channels: 3 };
}

/** Before anything is allocated: could the bytes that are there hold so much? */
function checkRoom(
  { blocks, height }: TiffLayout,
  { rowBytes, planes, ratio }: Record<'rowBytes' | 'planes' | 'ratio', number>,
): void {
  const count = blocks.across * blocks.down * planes;
  const needed = planes * blocks.across * rowBytes * height;
  const packed = blocks.byteCounts.slice(0, count).reduce((sum, each) => sum + each, 0);
  if (needed > packed * ratio) {
    throw new Error(`the TIFF is cut: ${packed} bytes cannot hold the ${needed} of its pixels`);
  }
}

function unpack(packed: Uint8Array, { compression }: TiffLayout, most: number): Uint8Array {
  const { ratio, decode } = codecs[compression]!;
  try {
    return decode(packed, Math.min(most, packed.length * ratio));
  } catch (error) {
    throw new Error(`the TIFF is damaged: ${(error as Error).message}`, { cause: error });
  }
}

const ARRAYS = {
  uint: { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array },
  int: { 8: Int8Array, 16: Int16Array, 32: Int32Array },
  float: { 16: Float32Array, 32: Float32Array, 64: Float64Array },
} as const;

function emptySamples({ format, depth }: TiffLayout, length: number): SampleArray {
  const arrays: Record<number, new (length: number) => SampleArray> = ARRAYS[format];
  return new arrays[Math.max(depth, 8)]!(length);
}

/** The values of one row of a block. */
function readRow(row: Uint8Array, layout: TiffLayout, inBlock: number): SampleArray {
  const { depth, format, predictor, littleEndian, color, blocks } = layout;
  const length = blocks.width * inBlock;
  if (depth < 8) return readBits(row, length, depth, color === 'palette' ? 1 : 255 / ((1 << depth) - 1));
  if (depth === 8 && format === 'uint' && predictor === 1) return row;
  const bytes = predictor === 3 ? undoFloatPredictor(row, inBlock, depth >> 3) : row;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const little = littleEndian && predictor !== 3;
  const values = emptySamples(layout, length);
  if (depth === 8)
    values.set(format === 'int' ? new Int8Array(bytes.buffer, bytes.byteOffset, length) : bytes);
  else {
    const read = READERS[format][depth]!;
    const step = depth >> 3;
    for (let i = 0; i < length; i++) values[i] = read(view, i * step, little);
  }
  if (predictor === 2) for (let i = inBlock; i < length; i++) values[i] = values[i]! + values[i - inBlock]!;
  return values;
}

type Reader = (view: DataView, at: number, little: boolean) => number;

const READERS: Record<TiffLayout['format'], Record<number, Reader>> = {
  uint: {
    16: (view, at, little) => view.getUint16(at, little),
    32: (view, at, little) => view.getUint32(at, little),
  },
  int: {
    16: (view, at, little) => view.getInt16(at, little),
    32: (view, at, little) => view.getInt32(at, little),
  },
  float: {
    16: readFloat16,
    32: (view, at, little) => view.getFloat32(at, little),
    64: (view, at, little) => view.getFloat64(at, little),
  },
};

function readBits(row: Uint8Array, length: number, depth: number, scale: number): Uint8Array {
  const values = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const bit = i * depth;
    values[i] = ((row[bit >> 3]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)) * scale;
  }
  return values;
}

/** Differences of bytes, the highest byte of all values first; the result is big-endian. */
function undoFloatPredictor(row: Uint8Array, step: number, size: number): Uint8Array {
  for (let i = step; i < row.length; i++) row[i] = row[i]! + row[i - step]!;
  const count = row.length / size;
  const result = new Uint8Array(row.length);
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < size; byte++) result[i * size + byte] = row[byte * count + i]!;
  }
  return result;
}

function readFloat16(view: DataView, at: number, little: boolean): number {
  const bits = view.getUint16(at, little);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function reverseBits(byte: number): number {
  let result = 0;
  for (let i = 0; i < 8; i++) result |= ((byte >> i) & 1) << (7 - i);
  return result;
}
