/** The error of a JPEG whose `what` cannot be. */
export function damaged(what: string): Error {
  return new Error(`the JPEG is damaged: ${what}`);
}

export interface HuffmanTable {
  /** First code of each length, the last one + 1, and where its values begin. */
  first: Int32Array;
  end: Int32Array;
  at: Int32Array;
  values: Uint8Array;
}

/** Enters the tables of a DHT segment into `dc` and `ac`, by their numbers. */
export function readHuffman(body: Uint8Array, dc: HuffmanTable[], ac: HuffmanTable[]): void {
  for (let at = 0; at + 17 <= body.length; ) {
    const head = body[at]!;
    const first = new Int32Array(17);
    const end = new Int32Array(17);
    const places = new Int32Array(17);
    let code = 0;
    let count = 0;
    for (let bits = 1; bits <= 16; bits++) {
      first[bits] = code;
      places[bits] = count;
      count += body[at + bits]!;
      code += body[at + bits]!;
      end[bits] = code;
      code <<= 1;
    }
    at += 17;
    if (at + count > body.length) throw damaged('a Huffman table is cut');
    (head >> 4 ? ac : dc)[head & 15] = { first, end, at: places, values: body.slice(at, at + count) };
    at += count;
  }
}

export type BitReader = ReturnType<typeof bitReader>;

/** Reads the bits of a scan whose data begin at `from`, stuffed zeros left out. */
export function bitReader(bytes: Uint8Array, from: number) {
  let at = from;
  let byte = 0;
  let left = 0;
  const bit = (): number => {
    if (left === 0) {
      if (at >= bytes.length) throw new Error('the JPEG is cut');
      byte = bytes[at]!;
      if (byte === 0xff) {
        if (bytes[at + 1] !== 0) throw new Error('the JPEG is cut or damaged: a scan ends early');
        at++;
      }
      at++;
      left = 8;
    }
    left--;
    return (byte >> left) & 1;
  };
  const bits = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++) value = (value << 1) | bit();
    return value;
  };
  return {
    bit,
    bits,
    symbol(table: HuffmanTable | undefined): number {
      if (!table) throw damaged('a Huffman table is missing');
      let code = 0;
      for (let length = 1; length <= 16; length++) {
        code = (code << 1) | bit();
        if (code < table.end[length]!) return table.values[table.at[length]! + code - table.first[length]!]!;
      }
      throw damaged('a code that is in no table');
    },
    /** A value of `count` bits, negative if its first bit is 0. */
    signed(count: number): number {
      const value = bits(count);
      return count > 0 && value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
    },
    restart(): void {
      left = 0;
      if (bytes[at] !== 0xff || !(bytes[at + 1]! >= 0xd0 && bytes[at + 1]! <= 0xd7)) {
        throw damaged('a restart marker is missing');
      }
      at += 2;
    },
    position: () => at,
  };
}
