import { int64, op, scalar, sizeOf } from './value.js';
import { plain, reshapeView, type View } from './view.js';

/** `value` repeated to `shape`. */
export function filled(shape: readonly number[], value: number, dtype: 'float32' | 'int32' | 'bool'): View {
  const source = scalar(value, dtype);
  if (shape.length === 0) return plain(source);
  if (sizeOf(shape) === 1) return reshapeView(plain(source), shape);
  return plain(op('Expand', [source, int64(shape)], dtype, shape));
}
