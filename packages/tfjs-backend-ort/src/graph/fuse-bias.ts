import { reshapeValue } from './transpose.js';
import { usesOf } from './uses.js';
import { type Op, op, type Value } from './value.js';

/**
 * The ops with every convolution whose result is only used in a sum with one number per channel turned into a
 * convolution with a bias: one pass over the image less. ONNX Runtime does it for constant kernels only.
 *
 * @param ops in an order in which they can run
 * @param outputs values that are needed as they are
 * @param inBlocks fixed values. A kernel among them keeps a sum with what is not: beside a bias that changes ONNX Runtime would
 *   not convolve in its blocked layout, which saves more
 */
export function fuseBias(ops: readonly Op[], outputs: readonly Value[], inBlocks: ReadonlySet<Value>): Op[] {
  const uses = usesOf(ops, outputs);

  /** Convolutions by their only result, as they stand after fusing. */
  const convolutions = new Map<Value, Op>();
  const fused: Op[] = [];
  const dropped = new Set<Op>();
  for (const each of ops) {
    const sum = each.type === 'Add' ? biasedConvolution(each, { convolutions, uses, inBlocks }) : null;
    if (sum) {
      dropped.add(sum.replaced);
      fused.push(...sum.ops);
    } else fused.push(each);
    const last = fused[fused.length - 1];
    if (last.type === 'Conv') convolutions.set(last.outputs[0], last);
  }
  return dropped.size === 0 ? fused : fused.filter((each) => !dropped.has(each));
}

function biasedConvolution(
  { inputs, outputs }: Op,
  {
    convolutions,
    uses,
    inBlocks,
  }: {
    convolutions: ReadonlyMap<Value, Op>;
    uses: ReadonlyMap<Value, number>;
    inBlocks: ReadonlySet<Value>;
  },
): { replaced: Op; ops: Op[] } | null {
  const [a, b] = inputs as [Value, Value];
  for (const [image, offset] of [
    [a, b],
    [b, a],
  ]) {
    const convolution = convolutions.get(image);
    if (!convolution || uses.get(image) !== 1 || !perChannel(offset, image)) continue;
    const [x, kernel, first] = convolution.inputs;
    if (inBlocks.has(kernel!) && !offset.constant && !inBlocks.has(offset)) continue;
    const channels = image.shape[1];
    const added = reshapeValue(offset, [channels]);
    const ops = added === offset ? [] : [added.op!];
    let bias = added;
    if (first) {
      bias = op('Add', [first, added], image.dtype, [channels]);
      ops.push(bias.op!);
    }
    ops.push({ ...convolution, inputs: [x, kernel, bias], outputs });
    return { replaced: convolution, ops };
  }
  return null;
}

/** Whether `offset` broadcast to [n, c, ...spatial] is one number per channel. */
export function perChannel(offset: Value, image: Value): boolean {
  const rank = image.shape.length;
  if (offset.size !== image.shape[1] || offset.shape.length > rank || offset === image) return false;
  const channelAxis = 1 - (rank - offset.shape.length);
  return offset.size === 1 ? offset.shape.length > 0 : offset.shape[channelAxis] === offset.size;
}
