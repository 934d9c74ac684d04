import { concat } from './concat.js';
import { crc32 } from './crc32.js';
import { assertPixels, type Pixels } from './pixels.js';
import { deflate } from './platform.js';

const COLOR_TYPES: Record<number, number> = { 1: 0, 2: 4, 3: 2, 4: 6 };

/**
 * The bytes of a PNG file of 8 bits: gray, gray and alpha, RGB or RGBA. Rows are filtered by "up".
 *
 * @throws if the pixels are inconsistent
 */
export function encodePng(pixels: Pixels): Uint8Array {
  assertPixels('encodePng', pixels);
  const { data, width, height, channels } = pixels;
  const stride = width * channels;
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    const to = y * (stride + 1);
    rows[to] = y === 0 ? 0 : 2;
    for (let x = 0; x < stride; x++) {
      rows[to + 1 + x] = data[y * stride + x]! - (y === 0 ? 0 : data[(y - 1) * stride + x]!);
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8;
  header[9] = COLOR_TYPES[channels]!;
  return concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', deflate(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const result = new Uint8Array(12 + body.length);
  const view = new DataView(result.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) result[4 + i] = type.charCodeAt(i);
  result.set(body, 8);
  view.setUint32(8 + body.length, crc32(result.subarray(4, 8 + body.length)));
  return result;
}
