import { inflateSync } from 'fflate';

interface Member {
  method: number;
  /** Bytes in the file, and unpacked. */
  packed: number;
  size: number;
  header: number;
}

/** A zip file that was opened. */
export interface Archive {
  names: string[];
  /** The contents of an entry: a view into the file where it is stored, a copy where it is deflated. */
  read(name: string): Uint8Array;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;

/** A genuine archive of weights repeats little: the most that a file unfolds to, as a multiple of its bytes. */
const maxExpansion = 16;

/** What is wrong with an archive. */
class ZipProblem extends Error {}

const refuse = (problem: string, cause?: unknown) => new ZipProblem(problem, { cause });

/**
 * The entries of a zip file. Nothing is unpacked until it is read, and nothing is written.
 *
 * @param options.who opens error messages
 * @throws Error where it is damaged or encrypted, has a name twice or one that leaves the archive (`..`, `/`), or would
 *   unfold to many times its size; on reading, where an entry is not there or not what the directory says
 */
export function openZip(bytes: Uint8Array, { who = 'openZip' }: { who?: string } = {}): Archive {
  const named = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof ZipProblem) throw new Error(`${who}: ${error.message}`, { cause: error.cause });
      throw error;
    }
  };
  const { names, read } = named(() => open(bytes));
  return { names, read: (name) => named(() => read(name)) };
}

function open(bytes: Uint8Array): Archive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, offset } = findDirectory(view);
  const members = new Map<string, Member>();
  let position = offset;
  let unfolded = 0;
  for (let i = 0; i < count; i++) {
    if (position + 46 > bytes.length || view.getUint32(position, true) !== centralSignature) {
      throw refuse(`entry ${i} of the zip directory is damaged; fetch the file again`);
    }
    const { name, member, next } = readMember(bytes, view, position);
    checkName(name);
    if (members.has(name)) throw refuse(`the zip holds "${name}" twice`);
    members.set(name, member);
    unfolded += member.size;
    position = next;
  }
  if (unfolded > maxExpansion * bytes.length + 2 ** 20) {
    throw refuse(`the zip of ${bytes.length} bytes would unfold to ${unfolded}: a zip bomb`);
  }
  return { names: [...members.keys()], read: (name) => readContents(bytes, view, name, members.get(name)) };
}

function findDirectory(view: DataView): { count: number; offset: number } {
  const lowest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= lowest; at--) {
    if (view.getUint32(at, true) !== endSignature) continue;
    const count = view.getUint16(at + 10, true);
    const offset = view.getUint32(at + 16, true);
    return findDirectory64(view, at - 20) ?? { count, offset };
  }
  throw refuse('the zip has no directory at its end; is it cut short? Fetch the file again');
}

function findDirectory64(view: DataView, locator: number): { count: number; offset: number } | undefined {
  if (locator < 0 || view.getUint32(locator, true) !== locator64Signature) return undefined;
  const at = uint64(view, locator + 8);
  if (at + 56 > view.byteLength || view.getUint32(at, true) !== end64Signature) {
    throw refuse('the zip64 directory is damaged; fetch the file again');
  }
  return { count: uint64(view, at + 32), offset: uint64(view, at + 48) };
}

function readMember(bytes: Uint8Array, view: DataView, at: number) {
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const nameEnd = at + 46 + nameLength;
  const next = nameEnd + extraLength + view.getUint16(at + 32, true);
  if (next > bytes.length) throw refuse('the zip directory is cut short; fetch the file again');
  if (view.getUint16(at + 8, true) & 1) throw refuse('the zip is encrypted');
  const wide = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  const [size, packed, header] = widened(view, nameEnd, nameEnd + extraLength, wide);
  const name = new TextDecoder().decode(bytes.subarray(at + 46, nameEnd));
  return { name, member: { method: view.getUint16(at + 10, true), packed, size, header }, next };
}

/** Replaces the values that say 0xffffffff by those of the zip64 extra field, in its order. */
function widened(view: DataView, extra: number, extraEnd: number, values: number[]): number[] {
  if (!values.includes(0xffffffff)) return values;
  for (let at = extra; at + 4 <= extraEnd; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let position = at + 4;
    return values.map((value) => {
      if (value !== 0xffffffff) return value;
      if (position + 8 > extraEnd) throw refuse('a zip64 size is missing; fetch the file again');
      position += 8;
      return uint64(view, position - 8);
    });
  }
  throw refuse('a zip64 size is missing; fetch the file again');
}

function checkName(name: string): void {
  if (/^\/|^[A-Za-z]:|\\|\0|(^|\/)\.\.(\/|$)/.test(name)) {
    throw refuse(`the zip holds the unsafe path ${JSON.stringify(name)}`);
  }
}

function readContents(
  bytes: Uint8Array,
  view: DataView,
  name: string,
  member: Member | undefined,
): Uint8Array {
  if (!member) throw refuse(`the zip holds no "${name}"`);
  const { method, packed, size, header } = member;
  if (header + 30 > bytes.length || view.getUint32(header, true) !== localSignature) {
    throw refuse(`"${name}" is not where the zip directory says; fetch the file again`);
  }
  const begin = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  if (begin + packed > bytes.length) throw refuse(`"${name}" is cut short; fetch the file again`);
  const contents = bytes.subarray(begin, begin + packed);
  if (method === 0 && packed === size) return contents;
  if (method !== 8)
    throw refuse(`"${name}" has zip method ${method}, only 0 (stored) and 8 (deflate) are read`);
  return inflate(name, contents, size);
}

function inflate(name: string, contents: Uint8Array, size: number): Uint8Array {
  let out: Uint8Array;
  try {
    out = inflateSync(contents, { out: new Uint8Array(size) });
  } catch (cause) {
    throw refuse(`"${name}" does not inflate (${(cause as Error).message})`, cause);
  }
  if (out.length !== size) throw refuse(`"${name}" inflates to ${out.length} bytes, the zip says ${size}`);
  return out;
}

function uint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
