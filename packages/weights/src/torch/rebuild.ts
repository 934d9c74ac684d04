import type { DType } from '../state-dict.js';
import { refuse } from './limits.js';
import {
  calls,
  isIgnored,
  isKind,
  isKnown,
  type PickleValue,
  type Storage,
  scalarDType,
  type TensorView,
} from './objects.js';

/** The name a pickle looks up, or an error that says which one is refused. */
export function checkedGlobal(module: string, name: string): PickleValue {
  const full = `${module === '__builtin__' ? 'builtins' : module}.${name}`;
  if (!isKnown(full)) {
    throw refuse(
      `refuses ${full}: only tensors and plain containers are built and no code is run. ` +
        "Save the model's state_dict() alone",
    );
  }
  return { kind: 'global', name: full };
}

/** An instance made without a call: of what is ignored only, whose attributes are dropped. */
export function instance(type: PickleValue | undefined): PickleValue {
  if (isKind(type, 'global') && isIgnored(type.name)) return new Map();
  throw refuse(`refuses an object of ${isKind(type, 'global') ? type.name : 'no class'}`);
}

/** The few calls that a state dict consists of, carried out without Python. */
export function call(callee: PickleValue | undefined, args: PickleValue | undefined): PickleValue {
  if (!isKind(callee, 'global') || !Array.isArray(args)) throw refuse('the pickle calls what is no function');
  if (isIgnored(callee.name)) return new Map();
  switch (callee.name) {
    case calls.orderedDict:
      return orderedDict(args);
    case calls.set:
      return new Set(list(args[0] ?? []));
    case calls.size:
      return list(args[0] ?? []);
    case calls.parameter:
      if (isKind(args[0], 'tensor')) return args[0];
      throw refuse('a parameter without a tensor');
    case calls.tensor:
    case calls.tensorV2:
      return tensor(args, undefined, args[6]);
    case calls.tensorV3:
      return tensor(args, isKind(args[6], 'global') ? scalarDType(args[6].name) : undefined, args[7]);
    default:
      throw refuse(`refuses to call ${callee.name}`);
  }
}

function orderedDict(args: PickleValue[]): PickleValue {
  const dict = new Map<PickleValue, PickleValue>();
  for (const pair of list(args[0] ?? [])) {
    const [key, value] = list(pair);
    if (key === undefined || value === undefined) throw refuse('an OrderedDict with a broken pair');
    dict.set(key, value);
  }
  return dict;
}

function tensor(
  args: PickleValue[],
  dtype: DType | undefined,
  metadata: PickleValue | undefined,
): TensorView {
  const [storage, offset, shape, strides] = args;
  if (!isKind(storage, 'storage')) throw refuse('a tensor without a storage');
  if (metadata instanceof Map && [...metadata.values()].includes(true)) {
    throw refuse(
      'a tensor with a lazy conjugation or negation; save it after resolve_conj() and resolve_neg()',
    );
  }
  return {
    kind: 'tensor',
    dtype: dtype ?? typeOf(storage),
    storage,
    offset: whole(offset),
    shape: list(shape).map(whole),
    strides: list(strides).map(whole),
  };
}

function typeOf(storage: Storage): DType {
  if (!storage.dtype) throw refuse('a tensor of an untyped storage without a dtype');
  return storage.dtype;
}

function list(value: PickleValue | undefined): PickleValue[] {
  if (!Array.isArray(value)) throw refuse('a call with arguments of the wrong kind');
  return value;
}

function whole(value: PickleValue | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw refuse(`a tensor with the impossible size, stride or offset ${String(value)}`);
  }
  return value;
}
