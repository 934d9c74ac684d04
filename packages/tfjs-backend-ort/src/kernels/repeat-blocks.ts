import { constant, op, type Value } from '../graph/value.js';

/** [n, c, h, w] to [n, c, h * fh, w * fw]: every element becomes a block. */
export function repeatBlocks(x: Value, [fh, fw]: readonly [number, number]): Value {
  const [n, c, h, w] = x.shape;
  if (fh === 1 && fw === 1) return x;
  const scales = constant('float32', [4], Float32Array.of(1, 1, fh, fw));
  return op('Resize', [x, null, scales], 'float32', [n, c, h * fh, w * fw], {
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  });
}
