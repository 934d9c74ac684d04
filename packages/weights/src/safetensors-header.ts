import { type DType, dtypes, elementCount, isDType } from './state-dict.js';

export interface Entry {
  name: string;
  dtype: DType;
  shape: number[];
  /** Byte positions in the file. */
  begin: number;
  end: number;
}

/** What the reference implementation of safetensors accepts at most. */
export const maxHeaderBytes = 100_000_000;

/** The header of a safetensors file, checked: every byte of data belongs to exactly one tensor. */
export function readHeader(bytes: Uint8Array): { metadata: Record<string, string>; entries: Entry[] } {
  const { metadata, tensors, start } = headerOf(bytes);
  const entries = Object.entries(tensors).map(([name, info]) => readEntry(name, info, start));
  checkCoverage(entries, start, bytes.length);
  return { metadata, entries };
}

/** The header's metadata; `bytes` may end where the header does. */
export function readMetadata(bytes: Uint8Array): Record<string, string> {
  return headerOf(bytes).metadata;
}

function headerOf(bytes: Uint8Array): {
  metadata: Record<string, string>;
  tensors: Record<string, unknown>;
  start: number;
} {
  if (bytes.length < 8) throw bad(`needs at least 8 bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const declared = view.getBigUint64(0, true);
  if (declared > BigInt(maxHeaderBytes)) {
    throw bad(
      `the header claims ${declared} bytes, at most ${maxHeaderBytes} are allowed; is this a safetensors file?`,
    );
  }
  const start = 8 + Number(declared);
  if (start > bytes.length) {
    throw bad(
      `the header claims ${declared} bytes, but the file has ${bytes.length}; is it cut short? Fetch it again`,
    );
  }
  const { __metadata__: metadata = {}, ...tensors } = parseHeader(bytes.subarray(8, start));
  checkMetadata(metadata);
  return { metadata, tensors, start };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw bad('the header does not begin with "{"; is this a safetensors file?');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Error(`readSafetensors: the header is not JSON (${(cause as Error).message})`, { cause });
  }
  return header as Record<string, unknown>;
}

function checkMetadata(metadata: unknown): asserts metadata is Record<string, string> {
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  if (!isObject || Object.values(metadata).some((value) => typeof value !== 'string')) {
    throw bad('__metadata__ must map strings to strings');
  }
}

function readEntry(name: string, info: unknown, start: number): Entry {
  const { dtype, shape, data_offsets: offsets } = (info ?? {}) as Record<string, unknown>;
  if (!isDType(dtype)) {
    throw bad(`"${name}" has dtype ${JSON.stringify(dtype)}, known are ${Object.keys(dtypes).join(', ')}`);
  }
  const count = elementCount(shape);
  if (count === undefined) throw bad(`"${name}" has the impossible shape ${JSON.stringify(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(Number.isSafeInteger)) {
    throw bad(`"${name}" has the impossible data_offsets ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const needed = count * dtypes[dtype].BYTES_PER_ELEMENT;
  if (begin < 0 || end - begin !== needed) {
    throw bad(`"${name}" needs ${needed} bytes for ${dtype} [${shape}], got data_offsets [${offsets}]`);
  }
  return { name, dtype, shape: shape as number[], begin: start + begin, end: start + end };
}

function checkCoverage(entries: Entry[], start: number, length: number): void {
  let position = start;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== position) {
      throw bad(`"${name}" begins at byte ${begin}, expected ${position}: tensors overlap or leave a hole`);
    }
    position = end;
  }
  if (position !== length) {
    throw bad(
      `the tensors need ${position} bytes, but the file has ${length}; is it cut short? Fetch it again`,
    );
  }
}

function bad(problem: string): Error {
  return new Error(`readSafetensors: ${problem}`);
}
