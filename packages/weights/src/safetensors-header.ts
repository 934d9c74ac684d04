import { jsonMembers } from './json-members.js';
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
  const entries = [...tensors].map(([name, info]) => readEntry(name, info, start));
  checkCoverage(entries, start, bytes.length);
  return { metadata, entries };
}

/** The header's metadata; `bytes` may end where the header does. */
export function readMetadata(bytes: Uint8Array): Record<string, string> {
  return headerOf(bytes).metadata;
}

/** `tensors`: the JSON of each one's entry by name, in the order of the file. */
function headerOf(bytes: Uint8Array): {
  metadata: Record<string, string>;
  tensors: Map<string, string>;
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
  const tensors = parseHeader(bytes.subarray(8, start));
  const metadata = readStrings(tensors.get('__metadata__') ?? '{}');
  tensors.delete('__metadata__');
  return { metadata, tensors, start };
}

function parseHeader(bytes: Uint8Array): Map<string, string> {
  if (bytes[0] !== 0x7b) throw bad('the header does not begin with "{"; is this a safetensors file?');
  try {
    return jsonMembers(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Error(`readSafetensors: the header is not JSON (${(cause as Error).message})`, { cause });
  }
}

function readStrings(text: string): Record<string, string> {
  const strings = [...fieldsOf('__metadata__', text)].map(([name, value]) => [name, parse(name, value)]);
  if (strings.some(([, value]) => typeof value !== 'string')) {
    throw bad('__metadata__ must map strings to strings');
  }
  return Object.fromEntries(strings);
}

function readEntry(name: string, text: string, start: number): Entry {
  const fields = fieldsOf(`"${name}"`, text);
  const field = (key: string) => parse(`"${name}"`, fields.get(key));
  const shown = (key: string) => clip(fields.get(key));
  const dtype = field('dtype');
  if (!isDType(dtype)) {
    throw bad(`"${name}" has dtype ${shown('dtype')}, known are ${Object.keys(dtypes).join(', ')}`);
  }
  const shape = field('shape');
  const count = elementCount(shape);
  if (count === undefined) throw bad(`"${name}" has the impossible shape ${shown('shape')}`);
  const offsets = field('data_offsets');
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(Number.isSafeInteger)) {
    throw bad(`"${name}" has the impossible data_offsets ${shown('data_offsets')}`);
  }
  const [begin, end] = offsets as [number, number];
  const needed = count * dtypes[dtype].BYTES_PER_ELEMENT;
  if (begin < 0 || end - begin !== needed) {
    throw bad(
      `"${name}" needs ${needed} bytes for ${dtype} ${shown('shape')}, got data_offsets ${shown('data_offsets')}`,
    );
  }
  return { name, dtype, shape: shape as number[], begin: start + begin, end: start + end };
}

function fieldsOf(who: string, text: string): Map<string, string> {
  try {
    return jsonMembers(text);
  } catch (cause) {
    throw new Error(`readSafetensors: ${who} is no JSON object (${(cause as Error).message})`, { cause });
  }
}

function parse(who: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`readSafetensors: ${who} is not JSON (${(cause as Error).message})`, { cause });
  }
}

/** Text of the header in an error. */
function clip(text: string | undefined): string | undefined {
  return text && text.length > 100 ? `${text.slice(0, 100)}...` : text;
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
