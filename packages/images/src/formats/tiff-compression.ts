import { inflate } from '../platform.js';

/** Undoes one compression. `most`: bytes that are needed at most, what follows is left. */
export interface Codec {
  /** Bytes that a byte of the file can become. */
  ratio: number;
  decode(data: Uint8Array, most: number): Uint8Array;
}

export const codecs: Record<number, Codec> = {
  1: { ratio: 1, decode: (data) => data },
  5: { ratio: 2730, decode: lzw },
  8: { ratio: 1032, decode: zlib },
  32773: { ratio: 64, decode: packBits },
  32946: { ratio: 1032, decode: zlib },
};

/** Compressions that are known and not read. */
export const otherCompressions: Record<number, string> = {
  2: 'CCITT (fax)',
  3: 'CCITT (fax)',
  4: 'CCITT (fax)',
  6: 'JPEG',
  7: 'JPEG',
  9: 'JBIG',
  10: 'JBIG',
  32771: 'CCITT (fax)',
  32809: 'ThunderScan',
  34661: 'JBIG',
  34676: 'SGI Log',
  34677: 'SGI Log',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34892: 'JPEG',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

function zlib(data: Uint8Array, most: number): Uint8Array {
  // Some writers fill the last strip up.
  return inflate(data, most + 4096);
}

function packBits(data: Uint8Array, most: number): Uint8Array {
  const out = new Uint8Array(most);
  let to = 0;
  for (let at = 0; at < data.length && to < most; ) {
    const head = data[at++]!;
    if (head === 128) continue;
    if (head < 128) {
      const run = data.subarray(at, Math.min(at + head + 1, at + most - to));
      out.set(run, to);
      at += head + 1;
      to += run.length;
    } else {
      if (at === data.length) break;
      const end = Math.min(to + 257 - head, most);
      out.fill(data[at++]!, to, end);
      to = end;
    }
  }
  return out.subarray(0, to);
}

const CLEAR = 256;
const END = 257;

/** Codes of 9 to 12 bits, the highest bit first, widened one code early. */
function lzw(data: Uint8Array, most: number): Uint8Array {
  if (data[0] === 0 && (data[1]! & 1) === 1)
    throw new Error('its LZW data are of the old kind, which is not read');
  const out = new Uint8Array(most);
  // Each code is the string that began at `start` and has `length` bytes in what was written.
  const start = new Int32Array(4096);
  const length = new Uint16Array(4096);
  let to = 0;
  let next = END + 1;
  let bits = 9;
  let previous = -1;
  let hold = 0;
  let held = 0;
  for (let at = 0; to < most; ) {
    while (held < bits) {
      if (at === data.length) return out.subarray(0, to);
      hold = ((hold << 8) | data[at++]!) & 0xffffff;
      held += 8;
    }
    held -= bits;
    const code = (hold >> held) & ((1 << bits) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      next = END + 1;
      bits = 9;
      previous = -1;
      continue;
    }
    const begin = to;
    if (code < CLEAR) out[to++] = code;
    else {
      if (code > next || previous < 0 || code === 257) throw new Error('its LZW data are damaged');
      // The code that is about to be defined: the previous string and its own first byte.
      const isNew = code === next;
      const from = isNew ? previous : start[code]!;
      const n = isNew ? begin - previous + 1 : length[code]!;
      const end = Math.min(begin + n, most);
      for (let p = from; to < end; p++) out[to++] = out[p]!;
    }
    if (previous >= 0 && next < 4096) {
      start[next] = previous;
      length[next] = begin - previous + 1;
      next++;
      if (next === (1 << bits) - 1 && bits < 12) bits++;
    }
    previous = begin;
  }
  return out.subarray(0, to);
}
