import { fuseBias, perChannel } from './fuse-bias.js';
import { splitUpsampled } from './split-upsampled.js';
import { reshapeValue } from './transpose.js';
import { usesOf } from './uses.js';
import { type Op, op, type Value } from './value.js';

/**
 * The ops with what is fixed where it costs least: a fixed factor of each channel of a convolution (batch normalisation)
 * becomes part of its kernel, so that one pass over the image less is left and ONNX Runtime, which would do the same, needs no
 * memory for a second copy of the kernels.
 *
 * @param ops in an order in which they can run
 * @param outputs values that are needed as they are
 * @param options.fixed leaves of the graph
 * @param options.isCpu whether a processor runs them, which convolves with fixed kernels in a layout of its own
 */
export function foldFixed(
  ops: readonly Op[],
  outputs: readonly Value[],
  { fixed, isCpu }: { fixed: ReadonlySet<Value>; isCpu: boolean },
): readonly Op[] {
  const inBlocks = (ops: readonly Op[]) => (isCpu ? fixedValues(ops, fixed) : new Set<Value>());
  const biased = fuseBias(ops, outputs, inBlocks(ops));
  if (fixed.size === 0) return biased;
  const folded = foldScale(biased, outputs, fixedValues(biased, fixed));
  const scaled = fuseBias(folded, outputs, inBlocks(folded));
  return isCpu ? splitUpsampled(scaled, outputs, fixedValues(scaled, fixed)) : scaled;
}

/**
 * The ops without those that depend on fixed values alone: their results are to be given to the graph, and keep the op that
 * says how to compute them.
 */
export function withoutFixed(ops: readonly Op[], fixed: ReadonlySet<Value>): readonly Op[] {
  if (fixed.size === 0) return ops;
  const known = fixedValues(ops, fixed);
  return ops.filter(({ outputs }) => !known.has(outputs[0]));
}

/** `fixed` and the results that depend on it and on constants alone. */
function fixedValues(ops: readonly Op[], fixed: ReadonlySet<Value>): Set<Value> {
  const known = new Set(fixed);
  for (const { inputs, outputs } of ops) {
    const given = inputs.filter((value) => value !== null && !value.constant);
    if (given.length > 0 && given.every((value) => known.has(value!)))
      for (const value of outputs) known.add(value);
  }
  return known;
}

function foldScale(ops: readonly Op[], outputs: readonly Value[], known: ReadonlySet<Value>): Op[] {
  const uses = usesOf(ops, outputs);

  const convolutions = new Map<Value, Op>();
  const folded: Op[] = [];
  const dropped = new Set<Op>();
  for (const each of ops) {
    if (each.type === 'Conv') convolutions.set(each.outputs[0], each);
    const factors = each.type === 'Mul' ? (each.inputs as Value[]) : [];
    const image = factors.find((value) => uses.get(value) === 1 && convolutions.has(value));
    const factor = factors.find((value) => value !== image);
    const convolution = image && convolutions.get(image)!;
    const [, ...weights] = convolution?.inputs ?? [];
    if (
      convolution &&
      factor &&
      perChannel(factor, image) &&
      [factor, ...weights].every((value) => known.has(value!))
    ) {
      dropped.add(convolution);
      folded.push(...scaled(convolution, factor, each.outputs));
    } else folded.push(each);
  }
  return folded.filter((each) => !dropped.has(each));
}

/** The convolution with `factor` in its kernel and its bias, after the ops that put it there. */
function scaled(convolution: Op, factor: Value, outputs: Value[]): Op[] {
  const [x, kernel, bias] = convolution.inputs as [Value, Value, Value | undefined];
  const added: Op[] = [];
  const product = (value: Value, shape: readonly number[]): Value => {
    const factors = reshapeValue(factor, shape);
    if (factors !== factor) added.push(factors.op!);
    const result = op('Mul', [value, factors], value.dtype, value.shape);
    added.push(result.op!);
    return result;
  };
  const inputs = [x, product(kernel, [kernel.shape[0], ...kernel.shape.slice(1).map(() => 1)])];
  if (bias) inputs.push(product(bias, bias.shape));
  return [...added, { ...convolution, inputs, outputs }];
}
