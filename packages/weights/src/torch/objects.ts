import type { DType } from '../state-dict.js';

/** A Python class or function that a pickle names. It is only ever compared, never run. */
export interface Global {
  kind: 'global';
  name: string;
}

/** The memory of one or more tensors. The legacy format fills in `bytes` after the objects. */
export interface Storage {
  kind: 'storage';
  /** Undefined for torch's untyped storage, whose tensors carry their own. */
  dtype?: DType;
  key: string;
  /** Elements, or bytes where there is no dtype. */
  count: number;
  bytes?: Uint8Array;
  /** Where a view of another storage begins in its elements (legacy format). */
  viewOffset: number;
}

/** A strided view of a storage; offset and strides in elements. */
export interface TensorView {
  kind: 'tensor';
  dtype: DType;
  storage: Storage;
  offset: number;
  shape: number[];
  strides: number[];
}

/** What a pickle can hold here: Python's containers as `Map`, `Array` and `Set`. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | Global
  | Storage
  | TensorView;

const storages: Record<string, DType> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
};

const scalarTypes: Record<string, DType> = {
  'torch.float64': 'F64',
  'torch.float32': 'F32',
  'torch.float16': 'F16',
  'torch.bfloat16': 'BF16',
  'torch.float8_e4m3fn': 'F8_E4M3',
  'torch.float8_e5m2': 'F8_E5M2',
  'torch.int64': 'I64',
  'torch.int32': 'I32',
  'torch.int16': 'I16',
  'torch.int8': 'I8',
  'torch.uint64': 'U64',
  'torch.uint32': 'U32',
  'torch.uint16': 'U16',
  'torch.uint8': 'U8',
  'torch.bool': 'BOOL',
};

export const untypedStorage = 'torch.storage.UntypedStorage';

export function storageDType(name: string): DType | undefined {
  return storages[name];
}

export function scalarDType(name: string): DType | undefined {
  return scalarTypes[name];
}

export const calls = {
  orderedDict: 'collections.OrderedDict',
  size: 'torch.Size',
  set: 'builtins.set',
  tensor: 'torch._utils._rebuild_tensor',
  tensorV2: 'torch._utils._rebuild_tensor_v2',
  tensorV3: 'torch._utils._rebuild_tensor_v3',
  parameter: 'torch._utils._rebuild_parameter',
} as const;

/** What stands beside the weights of a checkpoint and carries none: read as an empty dict, contents left out. */
const ignored = new Set([
  'argparse.Namespace',
  'types.SimpleNamespace',
  'collections.Counter',
  'collections.defaultdict',
  'pathlib.PosixPath',
  'pathlib.WindowsPath',
  'pathlib._local.PosixPath',
  'pathlib._local.WindowsPath',
  'torch.device',
  '_codecs.encode',
  'numpy.dtype',
  'numpy.core.multiarray.scalar',
  'numpy._core.multiarray.scalar',
  'numpy.core.multiarray._reconstruct',
  'numpy._core.multiarray._reconstruct',
]);

/** Names that are only handed to the above. */
const mentioned = ['numpy.ndarray', 'builtins.dict', 'builtins.list', 'builtins.int', 'builtins.float'];

const known = new Set([
  ...Object.values(calls),
  ...ignored,
  ...mentioned,
  ...Object.keys(storages),
  ...Object.keys(scalarTypes),
  untypedStorage,
]);

export function isIgnored(name: string): boolean {
  return ignored.has(name);
}

export function isKnown(name: string): boolean {
  return known.has(name);
}

export function isKind<K extends 'global' | 'storage' | 'tensor'>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}
