import { maxOpcodes, refuse } from './limits.js';
import type { PickleValue } from './objects.js';
import { call, checkedGlobal, instance } from './rebuild.js';

interface Machine {
  bytes: Uint8Array;
  view: DataView;
  position: number;
  stack: PickleValue[];
  /** Heights of the stack at the open marks. */
  marks: number[];
  memo: Map<number, PickleValue>;
  persistent: (id: PickleValue) => PickleValue;
}

export interface Unpickled {
  value: PickleValue;
  /** Where the pickle ends. */
  end: number;
}

/**
 * Runs one pickle (protocols 1 to 5, binary opcodes) in a machine that can build plain containers and views of
 * storages, and nothing else.
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  persistent: (id: PickleValue) => PickleValue,
): Unpickled {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const machine: Machine = {
    bytes,
    view,
    position: start,
    stack: [],
    marks: [],
    memo: new Map(),
    persistent,
  };
  for (let count = 0; count < maxOpcodes; count++) {
    const at = machine.position;
    const opcode = take(machine, 1)[0];
    if (opcode === 0x2e) return { value: pop(machine), end: machine.position };
    const step = opcodes[opcode];
    if (!step) {
      const shown = opcode.toString(16).padStart(2, '0');
      throw refuse(`refuses the pickle opcode 0x${shown} at byte ${at}; is the file damaged?`);
    }
    step(machine);
  }
  throw refuse(`the pickle takes more than ${maxOpcodes} steps; save the model's state_dict() alone`);
}

function take(m: Machine, length: number): Uint8Array {
  if (length > m.bytes.length - m.position) {
    throw refuse('the pickle ends too early; is the file cut short? Fetch it again');
  }
  m.position += length;
  return m.bytes.subarray(m.position - length, m.position);
}

function number(m: Machine, length: 1 | 2 | 4 | 8): number {
  take(m, length);
  const at = m.position - length;
  if (length === 1) return m.view.getUint8(at);
  if (length === 2) return m.view.getUint16(at, true);
  return length === 4 ? m.view.getUint32(at, true) : Number(m.view.getBigUint64(at, true));
}

function pop(m: Machine): PickleValue {
  const floor = m.marks.at(-1) ?? 0;
  if (m.stack.length <= floor) throw refuse('the pickle takes from an empty stack; is the file damaged?');
  return m.stack.pop()!;
}

function top(m: Machine): PickleValue {
  const value = pop(m);
  m.stack.push(value);
  return value;
}

function popMark(m: Machine): PickleValue[] {
  const mark = m.marks.pop();
  if (mark === undefined) throw refuse('the pickle lacks a mark; is the file damaged?');
  return m.stack.splice(mark);
}

function popMany(m: Machine, count: number): PickleValue[] {
  return Array.from({ length: count }, () => pop(m)).reverse();
}

const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

function text(m: Machine, length: number): string {
  return textDecoder.decode(take(m, length));
}

function line(m: Machine): string {
  const end = m.bytes.indexOf(0x0a, m.position);
  if (end < 0 || end - m.position > 1000)
    throw refuse('the pickle holds an endless name; is the file damaged?');
  const value = text(m, end - m.position);
  m.position = end + 1;
  return value;
}

/** A little-endian two's complement integer; torch's magic number, the longest in use, has 10 bytes. */
function long(m: Machine, length: number): PickleValue {
  if (length > 16) throw refuse(`the pickle holds an integer of ${length} bytes, at most 16 are read`);
  let value = 0n;
  for (const byte of take(m, length).toReversed()) value = (value << 8n) | BigInt(byte);
  value = BigInt.asIntN(8 * length, value);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function setItems(m: Machine, items: PickleValue[]): void {
  const dict = top(m);
  if (!(dict instanceof Map) || items.length % 2) throw refuse('the pickle sets items of what is no dict');
  for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
}

function appendItems(m: Machine, items: PickleValue[]): void {
  const list = top(m);
  if (!Array.isArray(list)) throw refuse('the pickle appends to what is no list');
  for (const item of items) list.push(item);
}

function dictOf(items: PickleValue[]): PickleValue {
  const dict = new Map<PickleValue, PickleValue>();
  for (let i = 0; i + 1 < items.length; i += 2) dict.set(items[i], items[i + 1]);
  return dict;
}

function recall(m: Machine, index: number): void {
  const value = m.memo.get(index);
  if (value === undefined) throw refuse(`the pickle recalls ${index}, which it never stored`);
  m.stack.push(value);
}

/** Attributes of an OrderedDict (a state dict's `_metadata`) and of what is ignored carry no weights and are dropped. */
function build(m: Machine): void {
  pop(m);
  if (!(top(m) instanceof Map)) throw refuse('the pickle sets attributes of what is no OrderedDict');
}

function float(m: Machine): number {
  take(m, 8);
  return m.view.getFloat64(m.position - 8, false);
}

function reduce(m: Machine): PickleValue {
  const [callee, args] = popMany(m, 2);
  return call(callee, args);
}

function stackGlobal(m: Machine): void {
  const [module, name] = popMany(m, 2);
  if (typeof module !== 'string' || typeof name !== 'string') throw refuse('the pickle looks up no name');
  m.stack.push(checkedGlobal(module, name));
}

type Step = (m: Machine) => void;
const push =
  (make: (m: Machine) => PickleValue): Step =>
  (m) => {
    m.stack.push(make(m));
  };

const opcodes: Record<number, Step> = {
  128: (m) => void take(m, 1), // PROTO
  149: (m) => void take(m, 8), // FRAME
  40: (m) => void m.marks.push(m.stack.length), // MARK
  48: (m) => void pop(m), // POP
  49: (m) => void popMark(m), // POP_MARK
  50: push(top), // DUP
  78: push(() => null), // NONE
  136: push(() => true), // NEWTRUE
  137: push(() => false), // NEWFALSE
  74: push((m) => number(m, 4) | 0), // BININT
  75: push((m) => number(m, 1)), // BININT1
  77: push((m) => number(m, 2)), // BININT2
  138: push((m) => long(m, number(m, 1))), // LONG1
  139: push((m) => long(m, number(m, 4))), // LONG4
  71: push(float), // BINFLOAT
  85: push((m) => text(m, number(m, 1))), // SHORT_BINSTRING
  84: push((m) => text(m, number(m, 4))), // BINSTRING
  140: push((m) => text(m, number(m, 1))), // SHORT_BINUNICODE
  88: push((m) => text(m, number(m, 4))), // BINUNICODE
  141: push((m) => text(m, number(m, 8))), // BINUNICODE8
  67: push((m) => take(m, number(m, 1))), // SHORT_BINBYTES
  66: push((m) => take(m, number(m, 4))), // BINBYTES
  142: push((m) => take(m, number(m, 8))), // BINBYTES8
  150: push((m) => take(m, number(m, 8))), // BYTEARRAY8
  93: push(() => []), // EMPTY_LIST
  108: push(popMark), // LIST
  97: (m) => appendItems(m, [pop(m)]), // APPEND
  101: (m) => appendItems(m, popMark(m)), // APPENDS
  41: push(() => []), // EMPTY_TUPLE
  116: push(popMark), // TUPLE
  133: push((m) => popMany(m, 1)), // TUPLE1
  134: push((m) => popMany(m, 2)), // TUPLE2
  135: push((m) => popMany(m, 3)), // TUPLE3
  125: push(() => new Map()), // EMPTY_DICT
  100: push((m) => dictOf(popMark(m))), // DICT
  115: (m) => setItems(m, popMany(m, 2)), // SETITEM
  117: (m) => setItems(m, popMark(m)), // SETITEMS
  143: push(() => new Set()), // EMPTY_SET
  145: push((m) => new Set(popMark(m))), // FROZENSET
  144: (m) => {
    const items = popMark(m); // ADDITEMS
    const set = top(m);
    if (!(set instanceof Set)) throw refuse('the pickle adds to what is no set');
    for (const item of items) set.add(item);
  },
  113: (m) => void m.memo.set(number(m, 1), top(m)), // BINPUT
  114: (m) => void m.memo.set(number(m, 4), top(m)), // LONG_BINPUT
  148: (m) => void m.memo.set(m.memo.size, top(m)), // MEMOIZE
  104: (m) => recall(m, number(m, 1)), // BINGET
  106: (m) => recall(m, number(m, 4)), // LONG_BINGET
  99: push((m) => checkedGlobal(line(m), line(m))), // GLOBAL
  147: stackGlobal, // STACK_GLOBAL
  82: push(reduce), // REDUCE
  129: push((m) => instance(popMany(m, 2)[0])), // NEWOBJ
  98: build, // BUILD
  81: push((m) => m.persistent(pop(m))), // BINPERSID
};
