import * as tf from '@tensorflow/tfjs';
import { reshapeValue } from '../graph/transpose.js';
import { constant, hostValue, int64, op, scalar, type Value } from '../graph/value.js';
import { identity, materialize } from '../graph/view.js';
import { type Attrs, cast, graphType, type Kernel, type Kernels } from './kernel.js';

const F32 = 'float32';

/** Shape [n, h, w] of the places at which an image batch is read. */
type Grid = readonly [number, number, number];

const broadcast = (a: readonly number[], b: readonly number[]) => a.map((d, i) => Math.max(d, b[i] ?? 1));

/** An elementwise op on values of rank three, or scalars, that broadcast. */
function on(type: string, inputs: Value[], dtype: 'float32' | 'bool' | 'int64' = F32): Value {
  const shape = inputs.map((v) => v.shape).reduce((a, b) => (a.length === 0 ? b : broadcast(a, b)));
  return op(type, inputs, dtype, shape);
}

const range = (length: number, axis: 0 | 1 | 2): Value =>
  constant(
    F32,
    [0, 1, 2].map((i) => (i === axis ? length : 1)),
    Float32Array.from({ length }, (_, i) => i),
  );

/** image [batch, h, w, c] at the places (batch, y, x), which broadcast to `grid`: [...grid, c]. */
function pixelsAt(image: Value, grid: Grid, places: readonly [Value, Value, Value]): Value {
  const columns = places.map((place) =>
    reshapeValue(op('Expand', [cast(place, 'int64'), int64(grid)], 'int64', grid), [...grid, 1]),
  );
  const index = op('Concat', columns, 'int64', [...grid, 3], { attributes: { axis: 3 } });
  return op('GatherND', [image, index], image.dtype, [...grid, image.shape[3]]);
}

/** `inside` ? value : fill, over the channels. */
function unlessOutside(inside: Value, value: Value, fill: Value): Value {
  return op('Where', [reshapeValue(inside, [...inside.shape, 1]), value, fill], value.dtype, value.shape);
}

const clamp = (x: Value, length: number) => op('Clip', [x, scalar(0), scalar(length - 1)], F32, x.shape);
const both = (a: Value, b: Value) => on('And', [a, b], 'bool');
const within = (x: Value, last: number) =>
  both(on('GreaterOrEqual', [x, scalar(0)], 'bool'), on('LessOrEqual', [x, scalar(last)], 'bool'));
/** Halves away from negative infinity, as JavaScript rounds. */
const round = (x: Value) => on('Floor', [on('Add', [x, scalar(0.5)])]);
const channels = (x: Value) => reshapeValue(x, [...x.shape, 1]);

function mix(a: Value, c: Value, fraction: Value): Value {
  const shape = a.shape;
  const difference = op('Sub', [c, a], F32, shape);
  return op('Add', [a, op('Mul', [difference, channels(fraction)], F32, shape)], F32, shape);
}

const cropAndResize: Kernel = (b, { image, boxes, boxInd }, { cropSize, method, extrapolationValue }) => {
  const [batch, height, width] = image.shape;
  const [count] = boxes.shape;
  const [outHeight, outWidth]: [number, number] = cropSize;
  const grid: Grid = [count, outHeight, outWidth];
  if (count === 0) return null;
  const source = cast(materialize(b.view(image)), F32);
  const corners = materialize(b.view(boxes));
  const corner = (i: number) =>
    reshapeValue(op('Slice', [corners, int64([i]), int64([i + 1]), int64([1])], F32, [count, 1]), [
      count,
      1,
      1,
    ]);
  const along = (start: Value, end: Value, length: number, out: number, axis: 1 | 2): Value => {
    if (out === 1) return on('Mul', [on('Add', [start, end]), scalar(0.5 * (length - 1))]);
    const step = on('Mul', [on('Sub', [end, start]), scalar((length - 1) / (out - 1))]);
    return on('Add', [on('Mul', [start, scalar(length - 1)]), on('Mul', [step, range(out, axis)])]);
  };
  const y = along(corner(0), corner(2), height, outHeight, 1);
  const x = along(corner(1), corner(3), width, outWidth, 2);
  const inside = both(within(y, height - 1), within(x, width - 1));
  const wanted = reshapeValue(cast(materialize(b.view(boxInd)), 'int32'), [count, 1, 1]);
  const exists = on('Less', [wanted, scalar(batch, 'int32')], 'bool');
  const at = op('Min', [wanted, scalar(batch - 1, 'int32')], 'int32', wanted.shape);
  const read = (row: Value, column: Value) =>
    pixelsAt(source, grid, [at, clamp(row, height), clamp(column, width)]);
  let value: Value;
  if (method === 'bilinear') {
    const [top, bottom] = [on('Floor', [y]), on('Ceil', [y])];
    const [left, right] = [on('Floor', [x]), on('Ceil', [x])];
    const fractionX = on('Sub', [x, left]);
    value = mix(
      mix(read(top, left), read(top, right), fractionX),
      mix(read(bottom, left), read(bottom, right), fractionX),
      on('Sub', [y, top]),
    );
  } else {
    value = read(round(y), round(x));
  }
  const seen = unlessOutside(inside, value, scalar(extrapolationValue));
  return b.output({ value: unlessOutside(exists, seen, scalar(0)), perm: identity(4) }, F32);
};

const rotate: Kernel = (b, { image }, { radians, fillValue, center }) => {
  const [batch, height, width, depth] = image.shape;
  const [centerX, centerY] = tf.backend_util.getImageCenter(center, height, width);
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  const rows = new Int32Array(height * width);
  const columns = new Int32Array(height * width);
  for (let i = 0; i < rows.length; i++) {
    const x = (i % width) - centerX;
    const y = Math.floor(i / width) - centerY;
    columns[i] = Math.round(x * cos - y * sin + centerX);
    rows[i] = Math.round(x * sin + y * cos + centerY);
  }
  const place = (data: Int32Array) => cast(hostValue('int32', [1, height, width], data), F32);
  const [y, x] = [place(rows), place(columns)];
  const inside = both(within(y, height - 1), within(x, width - 1));
  const type = graphType(image.dtype, 'RotateWithOffset');
  const source = materialize(b.view(image));
  const value = pixelsAt(
    source,
    [batch, height, width],
    [range(batch, 0), clamp(y, height), clamp(x, width)],
  );
  const opaque = 255;
  const fills = Array.from({ length: depth }, (_, channel) =>
    typeof fillValue === 'number' ? fillValue : channel === 3 ? opaque : fillValue[channel],
  );
  const fill = cast(constant(F32, [1, 1, 1, depth], Float32Array.from(fills)), type);
  return b.output({ value: unlessOutside(inside, value, fill), perm: identity(4) }, image.dtype);
};

/** Coordinates outside the image, brought back as `mode` says; 'constant' leaves them. */
function mapCoordinate(x: Value, length: number, mode: string): Value {
  const choose = (test: Value, a: Value, c: Value) => on('Where', [test, a, c]);
  const truncated = (v: Value) => cast(cast(v, 'int64'), F32);
  const last = scalar(length - 1);
  const below = on('Less', [x, scalar(0)], 'bool');
  const above = on('Greater', [x, last], 'bool');
  const negative = on('Neg', [x]);
  if (mode === 'reflect') {
    if (length <= 1) return clamp(x, length);
    const period = scalar(2 * length);
    const lifted = on('Add', [on('Mul', [period, truncated(on('Div', [negative, period]))]), x]);
    const low = choose(
      on('Less', [lifted, scalar(-length)], 'bool'),
      on('Add', [lifted, period]),
      on('Sub', [on('Neg', [lifted]), scalar(1)]),
    );
    const lowered = on('Sub', [x, on('Mul', [period, truncated(on('Div', [x, period]))])]);
    const high = choose(
      on('GreaterOrEqual', [lowered, scalar(length)], 'bool'),
      on('Sub', [scalar(2 * length - 1), lowered]),
      lowered,
    );
    return clamp(choose(below, low, choose(above, high, x)), length);
  }
  if (mode === 'wrap') {
    if (length <= 1) return clamp(x, length);
    const times = on('Add', [truncated(on('Div', [negative, last])), scalar(1)]);
    const low = on('Add', [x, on('Mul', [scalar(length), times])]);
    const high = on('Sub', [x, on('Mul', [scalar(length), truncated(on('Div', [x, last]))])]);
    return clamp(choose(below, low, choose(above, high, x)), length);
  }
  return mode === 'nearest' ? clamp(x, length) : x;
}

const transform: Kernel = (b, { image, transforms }, attrs: Attrs) => {
  const { interpolation, fillMode, fillValue, outputShape } = attrs;
  const [batch, height, width] = image.shape;
  const [outHeight, outWidth]: [number, number] = outputShape ?? [height, width];
  const grid: Grid = [batch, outHeight, outWidth];
  const type = graphType(image.dtype, 'Transform');
  const source = cast(materialize(b.view(image)), F32);
  const matrix = materialize(b.view(transforms));
  const [count] = transforms.shape;
  const entry = (i: number) =>
    reshapeValue(op('Slice', [matrix, int64([i]), int64([i + 1]), int64([1])], F32, [count, 1]), [
      count,
      1,
      1,
    ]);
  const [rows, columns] = [range(outHeight, 1), range(outWidth, 2)];
  const affine = (i: number, offset: Value) =>
    on('Add', [on('Add', [on('Mul', [entry(i), columns]), on('Mul', [entry(i + 1), rows])]), offset]);
  const projection = affine(6, scalar(1));
  const finite = on('Not', [on('Equal', [projection, scalar(0)], 'bool')], 'bool');
  const divisor = on('Where', [finite, projection, scalar(1)]);
  const x = mapCoordinate(on('Div', [affine(0, entry(2)), divisor]), width, fillMode);
  const y = mapCoordinate(on('Div', [affine(3, entry(5)), divisor]), height, fillMode);
  const fill = scalar(fillValue);
  const read = (row: Value, column: Value) => {
    const inside = both(within(row, height - 1), within(column, width - 1));
    const value = pixelsAt(source, grid, [range(batch, 0), clamp(row, height), clamp(column, width)]);
    return unlessOutside(inside, value, fill);
  };
  let value: Value;
  if (interpolation === 'nearest') {
    value = read(round(y), round(x));
  } else {
    const [top, left] = [on('Floor', [y]), on('Floor', [x])];
    const [bottom, right] = [on('Add', [top, scalar(1)]), on('Add', [left, scalar(1)])];
    const fractionX = on('Sub', [x, left]);
    value = mix(
      mix(read(top, left), read(top, right), fractionX),
      mix(read(bottom, left), read(bottom, right), fractionX),
      on('Sub', [y, top]),
    );
  }
  return b.output({ value: cast(unlessOutside(finite, value, fill), type), perm: identity(4) }, image.dtype);
};

export const imageSamplingKernels: Kernels = {
  CropAndResize: cropAndResize,
  RotateWithOffset: rotate,
  Transform: transform,
};
