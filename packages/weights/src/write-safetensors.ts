import { maxHeaderBytes } from './safetensors-header.js';
import { dtypes, elementCount, type StateDict, type StateTensor } from './state-dict.js';

/**
 * The bytes of a safetensors file with these tensors.
 *
 * The header keeps the order of `stateDict`; the data is laid out by falling element size, so that every
 * tensor is aligned for readers that map the file.
 *
 * @param metadata Strings stored as `__metadata__`.
 * @throws Error where a tensor's data does not fit its dtype and shape, or metadata is not text.
 */
export function writeSafetensors(stateDict: StateDict, metadata: Record<string, string> = {}): Uint8Array {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') {
      throw new Error(`writeSafetensors: metadata "${key}" must be a string, got ${typeof value}`);
    }
  }
  for (const [name, tensor] of stateDict) check(name, tensor);

  const offsets = new Map<string, number>();
  let size = 0;
  const bySize = [...stateDict].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  for (const [name, { data }] of bySize) {
    offsets.set(name, size);
    size += data.byteLength;
  }

  const header = headerBytes(stateDict, offsets, metadata);
  const bytes = new Uint8Array(8 + header.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  for (const [name, { data }] of stateDict) {
    const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    bytes.set(content, 8 + header.length + offsets.get(name)!);
  }
  return bytes;
}

function headerBytes(
  stateDict: StateDict,
  offsets: Map<string, number>,
  metadata: Record<string, string>,
): Uint8Array {
  const fields: string[] = [];
  if (Object.keys(metadata).length > 0) fields.push(`"__metadata__":${JSON.stringify(metadata)}`);
  for (const [name, { dtype, shape, data }] of stateDict) {
    const begin = offsets.get(name)!;
    const info = { dtype, shape, data_offsets: [begin, begin + data.byteLength] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
  }
  const text = new TextEncoder().encode(`{${fields.join(',')}}`);
  if (text.length > maxHeaderBytes) {
    throw new Error(
      `writeSafetensors: the header takes ${text.length} bytes, at most ${maxHeaderBytes} allowed`,
    );
  }
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}

function check(name: string, { dtype, shape, data }: StateTensor): void {
  if (name === '__metadata__') {
    throw new Error('writeSafetensors: a tensor cannot be named __metadata__; pass metadata apart');
  }
  const type = dtypes[dtype];
  if (!type) throw new Error(`writeSafetensors: "${name}" has the unknown dtype ${dtype}`);
  if (!(data instanceof type)) {
    throw new Error(`writeSafetensors: "${name}" is ${dtype} and needs a ${type.name}, got ${kindOf(data)}`);
  }
  if (elementCount(shape) !== data.length) {
    throw new Error(`writeSafetensors: "${name}" has shape [${shape}], but ${data.length} elements`);
  }
}

function kindOf(data: unknown): string {
  return (data as object | undefined)?.constructor?.name ?? typeof data;
}
