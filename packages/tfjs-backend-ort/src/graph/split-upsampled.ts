import { reshapeValue } from './transpose.js';
import { usesOf } from './uses.js';
import { constant, int64, type Op, op, type Value } from './value.js';

/**
 * The ops with each 3x3 convolution of an image enlarged twice (every element a block of 2x2) written for the image before: of
 * such a convolution an output sees four different elements and not nine, which four depend on whether its row and column are even.
 * So it is four 2x2 convolutions of the small image, with sums of the kernel's taps, and their results in turns: 4/9 of the
 * multiplications.
 *
 * @param ops in an order in which they can run
 * @param outputs values that are needed as they are
 * @param known kernels that are fixed, whose sums are computed once
 */
export function splitUpsampled(
  ops: readonly Op[],
  outputs: readonly Value[],
  known: ReadonlySet<Value>,
): readonly Op[] {
  const enlarged = new Map<Value, Op>();
  for (const each of ops) if (isDoubling(each)) enlarged.set(each.outputs[0], each);
  if (enlarged.size === 0) return ops;
  const rewritten = ops.flatMap((each) => {
    const doubling = each.inputs[0] && enlarged.get(each.inputs[0]);
    return doubling && isWorthIt(each) && known.has(each.inputs[1]!) ? split(each, doubling) : [each];
  });
  const uses = usesOf(rewritten, outputs);
  return rewritten.filter(({ outputs: [result] }) => !enlarged.has(result) || uses.has(result));
}

function isDoubling({ type, inputs, attributes }: Op): boolean {
  const scales = inputs[2]?.data;
  return (
    type === 'Resize' &&
    attributes.mode === 'nearest' &&
    attributes.coordinate_transformation_mode === 'asymmetric' &&
    attributes.nearest_mode === 'floor' &&
    scales?.join() === '1,1,2,2'
  );
}

/** Input channels from which the multiplications saved cost more than to put the results in turns. */
const MANY_CHANNELS = 32;
/** Positions of the result from which they cost more than the further nodes. */
const MANY_POSITIONS = 1024;

function isWorthIt({ type, domain, inputs, outputs, attributes }: Op): boolean {
  const every = (name: string, value: number) =>
    ((attributes[name] as number[] | undefined) ?? [value]).every((each) => each === value);
  return (
    type === 'Conv' &&
    domain === '' &&
    (attributes.group ?? 1) === 1 &&
    every('kernel_shape', 3) &&
    every('pads', 1) &&
    every('strides', 1) &&
    every('dilations', 1) &&
    inputs[1]!.shape[1] >= MANY_CHANNELS &&
    outputs[0].shape[2] * outputs[0].shape[3] >= MANY_POSITIONS
  );
}

/** Which taps of three fall on which of two elements, for an even and for an odd position. */
const taps = [Float32Array.of(1, 0, 0, 0, 1, 1), Float32Array.of(1, 1, 0, 0, 0, 1)];

function split({ inputs, outputs }: Op, doubling: Op): Op[] {
  const [, kernel, ...bias] = inputs as Value[];
  const small = doubling.inputs[0]!;
  const [n, channels, height, width] = outputs[0].shape;
  const [h, w] = [height / 2, width / 2];
  const { dtype } = kernel;
  const made: Op[] = [];
  const add = (...given: Parameters<typeof op>) => {
    const value = op(...given);
    made.push(value.op!);
    return value;
  };
  const reshape = (value: Value, shape: readonly number[]) => {
    const reshaped = reshapeValue(value, shape);
    if (reshaped !== value) made.push(reshaped.op!);
    return reshaped;
  };
  const [to, from] = kernel.shape;
  /** Results at even columns and at odd ones, the even rows of each first. */
  const planes: [Value[], Value[]] = [[], []];
  for (const row of [0, 1]) {
    const rows = add('MatMul', [constant(dtype, [2, 3], taps[row]), kernel], dtype, [to, from, 2, 3]);
    for (const column of [0, 1]) {
      const columns = constant(dtype, [3, 2], transposed(taps[column]));
      const sums = add('MatMul', [rows, columns], dtype, [to, from, 2, 2]);
      const convolved = add('Conv', [small, sums, ...bias], dtype, [n, channels, h, w], {
        attributes: {
          kernel_shape: [2, 2],
          pads: [1 - row, 1 - column, row, column],
          strides: [1, 1],
          dilations: [1, 1],
        },
      });
      planes[column].push(reshape(convolved, [n * channels * h, 1, w]));
    }
  }
  // rows in turns, then columns: along axes of one element each, which takes a third of a transposition's time
  const halves = planes.map((rows) => {
    const joined = add('Concat', rows, dtype, [n * channels * h, 2, w], { attributes: { axis: 1 } });
    return reshape(joined, [n * channels * height * w, 1]);
  });
  const joined = add('Concat', halves, dtype, [n * channels * height * w, 2], { attributes: { axis: 1 } });
  const result = op('Reshape', [joined, int64(outputs[0].shape)], dtype, outputs[0].shape, {
    attributes: { allowzero: 1 },
  });
  return [...made, { ...result.op!, outputs }];
}

/** [2, 3] as [3, 2]. */
function transposed(matrix: Float32Array): Float32Array {
  return Float32Array.from({ length: 6 }, (_, i) => matrix[(i % 2) * 3 + (i >> 1)]);
}
