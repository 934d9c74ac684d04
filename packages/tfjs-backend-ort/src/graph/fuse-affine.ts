import { reshapeValue } from './transpose.js';
import { usesOf } from './uses.js';
import { constant, int64, type Op, op, type Value } from './value.js';

/**
 * The ops with every sum of an image, multiplied by a number per channel, and a number per channel as one batch normalisation that
 * leaves statistics alone: one pass over the image instead of two. Numbers may differ from image to image.
 *
 * @param ops in an order in which they can run
 * @param outputs values that are needed as they are
 */
export function fuseAffine(ops: readonly Op[], outputs: readonly Value[]): readonly Op[] {
  const uses = usesOf(ops, outputs);
  const products = new Map<Value, { scaled: Op; image: Value; scale: Value }>();
  const fused: Op[] = [];
  const dropped = new Set<Op>();
  const computed = new Set(ops.flatMap(({ outputs }) => outputs));
  for (const each of ops) {
    if (each.type === 'Mul') {
      const [image, scale] = imageFirst(each.inputs as [Value, Value]) ?? [];
      if (image && scale) products.set(each.outputs[0], { scaled: each, image, scale });
    }
    const sum = each.type === 'Add' ? imageFirst(each.inputs as [Value, Value]) : null;
    const product = sum && products.get(sum[0]);
    if (!product || uses.get(sum[0]) !== 1 || product.scale.size !== sum[1].size) {
      fused.push(each);
      continue;
    }
    dropped.add(product.scaled);
    fused.push(...affine(product, sum[1], each, computed));
  }
  return dropped.size === 0 ? ops : fused.filter((each) => !dropped.has(each));
}

/** An image [n, c, h, w] and a number for each of its channels, [n, c, 1, 1] or [1, c, 1, 1]; null if they are not. */
function imageFirst([a, b]: [Value, Value]): [Value, Value] | null {
  if (a.dtype !== 'float32' || a.shape.length !== 4 || b.shape.length !== 4) return null;
  const [image, numbers] = a.size >= b.size ? [a, b] : [b, a];
  const [n, c, h, w] = image.shape;
  if (h * w < FEW || numbers.shape[2] * numbers.shape[3] !== 1 || numbers.shape[1] !== c) return null;
  return numbers.shape[0] === n || numbers.shape[0] === 1 ? [image, numbers] : null;
}

/** Positions below which a pass is not worth the nodes that say the numbers' shape. */
const FEW = 64;

/** @param computed values that have an op already */
function affine(
  { image, scale }: { image: Value; scale: Value },
  offset: Value,
  { outputs }: Op,
  computed: ReadonlySet<Value>,
): Op[] {
  const channels = scale.size;
  const [, , h, w] = image.shape;
  const all = (value: number) => constant('float32', [channels], new Float32Array(channels).fill(value));
  const seen = channels === image.shape[1] ? image : reshapeValue(image, [1, channels, h, w]);
  const [factors, addends] = [scale, offset].map((value) => reshapeValue(value, [channels]));
  const inputs = [seen, factors, addends, all(0), all(1)];
  const attributes = { epsilon: { float: 0 } };
  const normal = op('BatchNormalization', inputs, 'float32', seen.shape, { attributes }).op!;
  const before = [...new Set([seen, factors, addends])]
    .filter((value) => value.op && !computed.has(value))
    .map((value) => value.op!);
  if (seen === image) return [...before, { ...normal, outputs }];
  const back = op('Reshape', [normal.outputs[0], int64(image.shape)], 'float32', image.shape, {
    attributes: { allowzero: 1 },
  }).op!;
  return [...before, normal, { ...back, outputs }];
}
