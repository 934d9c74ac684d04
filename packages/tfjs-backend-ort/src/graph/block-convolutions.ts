import { reshapeValue } from './transpose.js';
import { type Op, op, sizeOf, type Value } from './value.js';

const NCHWC = 'com.microsoft.nchwc';

/**
 * The ops with each large convolution whose kernel changes from run to run written for ONNX Runtime's blocked layout,
 * [n, c / block, h, w, block], with the image moved into it and back: a fifth to a quarter faster. For constant
 * kernels ONNX Runtime does so itself.
 *
 * @param ops in an order in which they can run
 * @param fixed leaves whose values are constants of the model
 * @param blockOf gives the channels of a block on this processor; undefined where there is no such layout
 */
export function blockConvolutions(
  ops: readonly Op[],
  fixed: ReadonlySet<Value>,
  blockOf: () => number | undefined,
): readonly Op[] {
  const computed = new Set(ops.flatMap(({ outputs }) => outputs));
  const changes = (value: Value) => computed.has(value) || !(value.constant || value.op || fixed.has(value));
  const candidates = new Set(ops.filter((each) => isWorthIt(each) && changes(each.inputs[1]!)));
  const block = candidates.size > 0 ? blockOf() : undefined;
  if (!block) return ops;

  const rewritten: Op[] = [];
  const done = new Map<Value, Value>();
  /** The last of the values that `make` gives, whose ops run before what follows. */
  const once = (source: Value, make: () => Value[]): Value => {
    const values = done.has(source) ? [done.get(source)!] : make();
    const last = values[values.length - 1];
    if (!done.has(source)) rewritten.push(...values.map((value) => value.op!));
    done.set(source, last);
    return last;
  };
  for (const each of ops) {
    const [x, kernel, ...bias] = each.inputs as Value[];
    const [result] = each.outputs;
    if (!candidates.has(each) || result.shape[1] % block !== 0 || x.shape[1] % block !== 0) {
      rewritten.push(each);
      continue;
    }
    const image = once(x, () => [op('ReorderInput', [x], x.dtype, x.shape, { domain: NCHWC })]);
    const blocked = once(kernel, () => blockedKernel(kernel, block));
    const options = { domain: NCHWC, attributes: each.attributes };
    const convolved = op('Conv', [image, blocked, ...bias], result.dtype, result.shape, options);
    const channels = { domain: NCHWC, attributes: { channels: result.shape[1] } };
    const back = op('ReorderOutput', [convolved], result.dtype, result.shape, channels);
    rewritten.push(convolved.op!, { ...back.op!, outputs: each.outputs });
  }
  return rewritten;
}

/** Positions from which the faster convolution pays for the kernel's new order. */
const MANY_POSITIONS = 8192;
/** Multiplications for each number of the images moved, from which it pays for that. */
const MUCH_WORK = 250;

function isWorthIt({ type, domain, inputs, outputs, attributes }: Op): boolean {
  if (type !== 'Conv' || domain !== '' || outputs[0].shape.length !== 4) return false;
  const [n, channels, height, width] = outputs[0].shape;
  const [, from, ...window] = inputs[1]!.shape;
  return (
    (attributes.group ?? 1) === 1 &&
    n * height * width >= MANY_POSITIONS &&
    (sizeOf(window) * from * channels) / (from + channels) >= MUCH_WORK
  );
}

/** [out, in, h, w] as [out / block, in / block, h, w, in of the block, out of the block]. */
function blockedKernel(kernel: Value, block: number): Value[] {
  const [to, from, height, width] = kernel.shape;
  const taps = height * width;
  const parts = reshapeValue(kernel, [to / block, block, from / block, block, taps]);
  const shape = [to / block, from / block, taps, block, block];
  const moved = op('Transpose', [parts], kernel.dtype, shape, { attributes: { perm: [0, 2, 4, 3, 1] } });
  return [parts, moved, reshapeValue(moved, kernel.shape)];
}
