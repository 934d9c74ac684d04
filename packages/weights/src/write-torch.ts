import { type DType, dtypes, elementCount, type StateDict, type StateTensor } from './state-dict.js';
import { writeZip } from './zip/write-zip.js';

const storages: Partial<Record<DType, string>> = {
  F64: 'DoubleStorage',
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
  I64: 'LongStorage',
  I32: 'IntStorage',
  I16: 'ShortStorage',
  I8: 'CharStorage',
  U8: 'ByteStorage',
  BOOL: 'BoolStorage',
};

/**
 * The bytes of a file as `torch.save(state_dict)` writes it (zip format), for `torch.load`, its `weights_only`
 * mode included: an `OrderedDict` of contiguous CPU tensors.
 *
 * Equal state dicts give equal bytes.
 *
 * @throws Error where a tensor's data does not fit its dtype and shape, or torch has no storage for the dtype.
 */
export function writeTorch(stateDict: StateDict): Uint8Array {
  const text = new TextEncoder();
  const entries: Record<string, Uint8Array> = {
    'weights/data.pkl': pickle(stateDict),
    'weights/byteorder': text.encode('little'),
  };
  [...stateDict.values()].forEach(({ data }, i) => {
    entries[`weights/data/${i}`] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  });
  entries['weights/version'] = text.encode('3\n');
  return writeZip(entries);
}

/** The opcodes of pickle protocol 2 that torch.load's `weights_only` mode knows. */
function pickle(stateDict: StateDict): Uint8Array {
  const orderedDict = [...global('collections', 'OrderedDict'), 0x29, 0x52];
  const bytes: number[] = [0x80, 2, ...orderedDict, 0x28];
  let key = 0;
  for (const [name, tensor] of stateDict) {
    const { shape, data } = tensor;
    const storageId = [
      ...string('storage'),
      ...global('torch', storageOf(name, tensor)),
      ...string(String(key++)),
      ...string('cpu'),
      ...integer(data.length),
    ];
    bytes.push(
      ...string(name),
      ...global('torch._utils', '_rebuild_tensor_v2'),
      0x28, // the arguments: storage, offset, shape, strides, requires_grad, hooks
      ...tuple(storageId),
      0x51,
      ...integer(0),
      ...tuple(shape.flatMap(integer)),
      ...tuple(strides(shape).flatMap(integer)),
      0x89,
      ...orderedDict,
      0x74,
      0x52,
    );
  }
  bytes.push(0x75, 0x2e);
  return Uint8Array.from(bytes);
}

function storageOf(name: string, { dtype, shape, data }: StateTensor): string {
  const storage = storages[dtype];
  if (!storage) {
    throw new Error(
      `writeTorch: "${name}" is ${dtype}, torch stores only ${Object.keys(storages).join(', ')} this way`,
    );
  }
  const type = dtypes[dtype];
  if (!(data instanceof type) || elementCount(shape) !== data.length) {
    throw new Error(
      `writeTorch: "${name}" is ${dtype} [${shape}] and needs a ${type.name} of that size, ` +
        `got a ${(data as object).constructor.name} of ${(data as ArrayLike<unknown>).length}`,
    );
  }
  return storage;
}

function strides(shape: number[]): number[] {
  return shape.map((_, i) => shape.slice(i + 1).reduce((product, size) => product * Math.max(size, 1), 1));
}

function tuple(items: number[]): number[] {
  return [0x28, ...items, 0x74];
}

function string(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [0x58, ...littleEndian(bytes.length, 4), ...bytes];
}

function global(module: string, name: string): number[] {
  return [0x63, ...new TextEncoder().encode(`${module}\n${name}\n`)];
}

function integer(value: number): number[] {
  return value < 2 ** 31 ? [0x4a, ...littleEndian(value, 4)] : [0x8a, 8, ...littleEndian(value, 8)];
}

function littleEndian(value: number, length: number): number[] {
  return Array.from({ length }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);
}
