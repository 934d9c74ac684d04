import { deflateSync } from 'node:zlib';
import type { Pixels } from '../pixels.js';
import { crc32 } from './crc32.js';

const COLOR_TYPES: Record<number, number> = { 1: 0, 2: 4, 3: 2, 4: 6 };

/** An 8-bit PNG, rows filtered by "up". */
export function encodePng({ data, width, height, channels }: Pixels): Uint8Array {
  const stride = width * channels;
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    const to = y * (stride + 1);
    rows[to] = y === 0 ? 0 : 2;
    for (let x = 0; x < stride; x++) {
      rows[to + 1 + x] = data[y * stride + x]! - (y === 0 ? 0 : data[(y - 1) * stride + x]!);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = COLOR_TYPES[channels]!;
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const result = Buffer.alloc(12 + body.length);
  result.writeUInt32BE(body.length, 0);
  result.write(type, 4, 'latin1');
  result.set(body, 8);
  result.writeUInt32BE(crc32(result.subarray(4, 8 + body.length)), 8 + body.length);
  return result;
}
