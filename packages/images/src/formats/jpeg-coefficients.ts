import { type BitReader, bitReader, damaged, type HuffmanTable, readHuffman } from './jpeg-huffman.js';

/** One colour component of a JPEG: its DCT coefficients before dequantization. */
export interface JpegComponent {
  id: number;
  /** Sampling factors. */
  h: number;
  v: number;
  /** The number of its quantization table, and the table as it is when the component's first scan begins. */
  table: number;
  quantization?: Uint16Array;
  /** Blocks that are stored: as many as whole units of an interleaved scan need. */
  blocksAcross: number;
  blocksDown: number;
  /** `[blocksDown, blocksAcross, 64]`, each block row-major. */
  coefficients: Int16Array;
}

export interface JpegCoefficients {
  width: number;
  height: number;
  components: JpegComponent[];
  /** Adobe's colour transform, if its marker is there. */
  transform?: number;
}

interface Frame extends JpegCoefficients {
  progressive: boolean;
}

interface Scan {
  component: JpegComponent;
  dc?: HuffmanTable;
  ac?: HuffmanTable;
  prediction: number;
}

const ZIGZAG = zigzag();
/** A hostile file can ask for much work with many small scans. */
const MOST_SCANS = 200;

/**
 * The coefficients of a Huffman-coded JPEG of 8 bits, sequential or progressive.
 *
 * @throws if it is cut, damaged or of another kind
 */
export function readJpegCoefficients(bytes: Uint8Array): JpegCoefficients {
  const quantization: Uint16Array[] = [];
  const dcTables: HuffmanTable[] = [];
  const acTables: HuffmanTable[] = [];
  let frame: Frame | undefined;
  let transform: number | undefined;
  let restartInterval = 0;
  let scans = 0;
  let isWhole = false;
  for (let at = 2; ; ) {
    while (at < bytes.length && bytes[at] !== 0xff) at++;
    while (at < bytes.length && bytes[at] === 0xff) at++;
    if (at >= bytes.length) break;
    const marker = bytes[at++]!;
    if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    if (marker === 0xd9) {
      isWhole = true;
      break;
    }
    const length = (bytes[at]! << 8) | bytes[at + 1]!;
    if (length < 2 || at + length > bytes.length) throw new Error('the JPEG is cut');
    const body = bytes.subarray(at + 2, at + length);
    at += length;
    if (marker === 0xdb) readQuantization(body, quantization);
    else if (marker === 0xc4) readHuffman(body, dcTables, acTables);
    else if (marker === 0xdd) restartInterval = (body[0]! << 8) | body[1]!;
    else if (marker === 0xee && String.fromCharCode(...body.subarray(0, 5)) === 'Adobe') transform = body[11];
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) {
      if (marker > 0xc2)
        throw new Error(`the JPEG is of process ${marker - 0xc0}, which is not read for CMYK`);
      if (frame) throw new Error('the JPEG is damaged: it has two frames');
      frame = { ...readFrame(body), progressive: marker === 0xc2 };
    } else if (marker === 0xda) {
      if (!frame) throw new Error('the JPEG has no frame header');
      if (++scans > MOST_SCANS) throw new Error(`the JPEG has more than ${MOST_SCANS} scans`);
      at = readScan(bytes, at, body, { frame, quantization, dcTables, acTables, restartInterval });
    }
  }
  if (!frame || !isWhole) throw new Error('the JPEG is cut');
  if (frame.components.some((component) => !component.quantization)) {
    throw new Error('the JPEG is damaged: a quantization table is missing');
  }
  return { ...frame, transform };
}

function readQuantization(body: Uint8Array, tables: Uint16Array[]): void {
  for (let at = 0; at < body.length; ) {
    const head = body[at++]!;
    const wide = head >> 4;
    if (at + 64 * (wide + 1) > body.length) throw damaged('a quantization table is cut');
    const table = new Uint16Array(64);
    for (let i = 0; i < 64; i++) {
      table[ZIGZAG[i]!] = wide ? (body[at + 2 * i]! << 8) | body[at + 2 * i + 1]! : body[at + i]!;
    }
    tables[head & 15] = table;
    at += 64 * (wide + 1);
  }
}

function readFrame(body: Uint8Array): JpegCoefficients {
  const height = (body[1]! << 8) | body[2]!;
  const width = (body[3]! << 8) | body[4]!;
  if (body[0] !== 8) throw new Error(`the JPEG has samples of ${body[0]} bits, which is not read`);
  const count = body[5]!;
  if (!(width > 0 && height > 0) || body.length < 6 + 3 * count) throw damaged('its frame header is cut');
  const heads = Array.from({ length: count }, (_, i) => {
    const [id, factors, table] = body.subarray(6 + 3 * i) as unknown as [number, number, number];
    return { id, h: factors >> 4, v: factors & 15, table };
  });
  if (heads.some(({ h, v }) => !(h >= 1 && h <= 4 && v >= 1 && v <= 4))) throw damaged('sampling factors');
  const acrossUnits = Math.ceil(width / (8 * Math.max(...heads.map(({ h }) => h))));
  const downUnits = Math.ceil(height / (8 * Math.max(...heads.map(({ v }) => v))));
  const components = heads.map((head) => {
    const blocksAcross = acrossUnits * head.h;
    const blocksDown = downUnits * head.v;
    return {
      ...head,
      blocksAcross,
      blocksDown,
      coefficients: new Int16Array(64 * blocksAcross * blocksDown),
    };
  });
  return { width, height, components };
}

interface ScanContext {
  frame: Frame;
  quantization: Uint16Array[];
  dcTables: HuffmanTable[];
  acTables: HuffmanTable[];
  restartInterval: number;
}

/** Reads the scan whose data begin at `from`; returns where they end. */
function readScan(bytes: Uint8Array, from: number, head: Uint8Array, context: ScanContext): number {
  const { frame, quantization, dcTables, acTables, restartInterval } = context;
  const count = head[0]!;
  if (count < 1 || count > 4 || head.length < 4 + 2 * count) throw damaged('a scan header');
  const scan = Array.from({ length: count }, (_, i): Scan => {
    const component = frame.components.find(({ id }) => id === head[1 + 2 * i]);
    if (!component) throw damaged(`a scan of component ${head[1 + 2 * i]}, which there is not`);
    component.quantization ??= quantization[component.table];
    const tables = head[2 + 2 * i]!;
    return { component, dc: dcTables[tables >> 4], ac: acTables[tables & 15], prediction: 0 };
  });
  const [start, end, approximation] = head.subarray(1 + 2 * count) as unknown as [number, number, number];
  const high = approximation >> 4;
  const low = approximation & 15;
  if (frame.progressive && (start > end || end > 63 || low > 13 || (start > 0 && count > 1))) {
    throw damaged('a scan header');
  }
  const input = bitReader(bytes, from);
  const ends = { run: 0 };
  const decodeBlock = !frame.progressive
    ? (each: Scan, at: number) => sequential(input, each, at)
    : start === 0
      ? (each: Scan, at: number) => (high ? dcRefine(input, each, at, low) : dcFirst(input, each, at, low))
      : (each: Scan, at: number) =>
          high
            ? acRefine(input, each, at, { start, end, low, ends })
            : acFirst(input, each, at, { start, end, low, ends });

  const units = unitsOf(scan, frame);
  for (let unit = 0; unit < units.across * units.down; unit++) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      input.restart();
      ends.run = 0;
      for (const each of scan) each.prediction = 0;
    }
    const x = unit % units.across;
    const y = Math.floor(unit / units.across);
    for (const each of scan) {
      const { component } = each;
      const h = units.interleaved ? component.h : 1;
      const v = units.interleaved ? component.v : 1;
      for (let row = 0; row < v; row++) {
        for (let column = 0; column < h; column++) {
          decodeBlock(each, 64 * ((y * v + row) * component.blocksAcross + x * h + column));
        }
      }
    }
  }
  return input.position();
}

/** A scan of one component has only the blocks that the image reaches. */
function unitsOf(scan: Scan[], { width, height, components }: Frame) {
  const hMax = Math.max(...components.map(({ h }) => h));
  const vMax = Math.max(...components.map(({ v }) => v));
  if (scan.length > 1) {
    return { interleaved: true, across: Math.ceil(width / (8 * hMax)), down: Math.ceil(height / (8 * vMax)) };
  }
  const { h, v } = scan[0]!.component;
  return {
    interleaved: false,
    across: Math.ceil(Math.ceil((width * h) / hMax) / 8),
    down: Math.ceil(Math.ceil((height * v) / vMax) / 8),
  };
}

function sequential(input: BitReader, scan: Scan, at: number): void {
  const { coefficients } = scan.component;
  scan.prediction += input.signed(input.symbol(scan.dc));
  coefficients[at] = scan.prediction;
  for (let k = 1; k < 64; ) {
    const symbol = input.symbol(scan.ac);
    const size = symbol & 15;
    if (size === 0) {
      if (symbol !== 0xf0) break;
      k += 16;
      continue;
    }
    k += symbol >> 4;
    if (k > 63) throw damaged('a block of too many coefficients');
    coefficients[at + ZIGZAG[k++]!] = input.signed(size);
  }
}

function dcFirst(input: BitReader, scan: Scan, at: number, low: number): void {
  scan.prediction += input.signed(input.symbol(scan.dc));
  scan.component.coefficients[at] = scan.prediction << low;
}

function dcRefine(input: BitReader, scan: Scan, at: number, low: number): void {
  if (input.bit()) scan.component.coefficients[at]! |= 1 << low;
}

interface Band {
  start: number;
  end: number;
  low: number;
  /** How many further blocks have no more coefficients in this band. */
  ends: { run: number };
}

function acFirst(input: BitReader, scan: Scan, at: number, { start, end, low, ends }: Band): void {
  if (ends.run > 0) {
    ends.run--;
    return;
  }
  for (let k = start; k <= end; k++) {
    const symbol = input.symbol(scan.ac);
    const zeros = symbol >> 4;
    const size = symbol & 15;
    if (size === 0 && zeros < 15) {
      ends.run = (1 << zeros) - 1 + input.bits(zeros);
      return;
    }
    k += zeros;
    if (size === 0) continue;
    if (k > end) throw damaged('a block of too many coefficients');
    scan.component.coefficients[at + ZIGZAG[k]!] = input.signed(size) << low;
  }
}

function acRefine(input: BitReader, scan: Scan, at: number, { start, end, low, ends }: Band): void {
  const { coefficients } = scan.component;
  const refine = (place: number) => {
    const value = coefficients[place]!;
    if (input.bit() && ((Math.abs(value) >> low) & 1) === 0)
      coefficients[place] = value + (value < 0 ? -1 : 1) * (1 << low);
  };
  let k = start;
  if (ends.run === 0) {
    for (; k <= end; k++) {
      const symbol = input.symbol(scan.ac);
      let zeros = symbol >> 4;
      const size = symbol & 15;
      let value = 0;
      if (size === 0) {
        if (zeros < 15) {
          ends.run = (1 << zeros) + input.bits(zeros);
          break;
        }
      } else value = (input.bit() ? 1 : -1) * (1 << low);
      // Over as many zeros as the symbol says; what is not zero gets its next bit.
      for (; k <= end; k++) {
        const place = at + ZIGZAG[k]!;
        if (coefficients[place] !== 0) refine(place);
        else if (--zeros < 0) break;
      }
      if (value !== 0) {
        if (k > end) throw damaged('a block of too many coefficients');
        coefficients[at + ZIGZAG[k]!] = value;
      }
    }
  }
  if (ends.run > 0) {
    for (; k <= end; k++) {
      const place = at + ZIGZAG[k]!;
      if (coefficients[place] !== 0) refine(place);
    }
    ends.run--;
  }
}

/** Where the k-th coefficient of the file's order stands in a row-major block. */
function zigzag(): Uint8Array {
  const order = Array.from({ length: 64 }, (_, i) => i).sort((a, b) => {
    const diagonal = (i: number) => (i >> 3) + (i & 7);
    if (diagonal(a) !== diagonal(b)) return diagonal(a) - diagonal(b);
    return diagonal(a) % 2 ? a - b : b - a;
  });
  return Uint8Array.from(order);
}
