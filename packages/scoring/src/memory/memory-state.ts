import type { FeatureMemory } from './feature-memory.js';

/** Named tensors, row-major, as @ddad/weights reads and writes them. */
export type MemoryState = Map<string, { dtype: 'F32' | 'F64' | 'I32'; shape: number[]; data: MemoryArray }>;
type MemoryArray = Float32Array | Float64Array | Int32Array;

/** Raised when what the names below mean changes. */
const VERSION = 1;
const methods = ['greedy', 'random'] as const;

/** A memory as named tensors, for a safetensors file: about `4 vectors dimension` bytes. */
export function memoryToState(memory: FeatureMemory): MemoryState {
  const { vectors, dimension, images, positions, imageCount, grid, layers, mean, projection, coreset } =
    memory;
  const { method, limit, candidates, seed, radius } = coreset;
  const state: MemoryState = new Map();
  const f32 = (data: Float32Array, ...shape: number[]) => ({ dtype: 'F32' as const, shape, data });
  const i32 = (...data: number[]) => ({
    dtype: 'I32' as const,
    shape: [data.length],
    data: Int32Array.of(...data),
  });
  const f64 = (...data: number[]) => ({
    dtype: 'F64' as const,
    shape: [data.length],
    data: Float64Array.of(...data),
  });
  state.set('version', i32(VERSION));
  state.set('vectors', f32(vectors, images.length, dimension));
  state.set('images', { dtype: 'I32', shape: [images.length], data: images });
  state.set('positions', { dtype: 'I32', shape: [positions.length], data: positions });
  state.set('image_count', i32(imageCount));
  state.set('grid', i32(...grid));
  state.set('layers', i32(...layers));
  state.set('mean', f32(mean, mean.length));
  if (projection) state.set('projection', f32(projection, mean.length, projection.length / mean.length));
  state.set('residual', i32(Number(memory.residual)));
  state.set('position_weight', f64(memory.positionWeight));
  state.set('coreset.method', i32(methods.indexOf(method)));
  state.set('coreset.limits', i32(limit, candidates));
  state.set('coreset.seed', f64(seed));
  state.set('coreset.radius', f64(radius));
  return state;
}

type StateTensor = { dtype: string; shape: readonly number[]; data: ArrayLike<number> | ArrayLike<bigint> };

/**
 * The inverse of {@link memoryToState}.
 *
 * @throws if a tensor is missing, or has a shape, type or value that no memory has
 */
export function memoryFromState(state: ReadonlyMap<string, StateTensor>): FeatureMemory {
  const who = 'memoryFromState';
  const tensor = <A extends MemoryArray>(
    name: string,
    type: new (data: A) => A,
    shape: readonly (number | null)[],
  ): A => {
    const found = state.get(name);
    const fits =
      found?.data instanceof type &&
      found.shape.length === shape.length &&
      shape.every((size, axis) => size === null || size === found.shape[axis]) &&
      found.data.length === found.shape.reduce((a, b) => a * b, 1);
    if (!found || !fits) {
      const wanted = `${type.name} [${shape.map((size) => size ?? 'n')}]`;
      throw new Error(
        `${who}: needs ${name}, ${wanted}, got ${found ? `${found.dtype} [${found.shape}]` : 'none'}`,
      );
    }
    if (!(found.data as A).every(Number.isFinite))
      throw new Error(`${who}: ${name} has a value that is not finite`);
    return found.data as A;
  };
  const require = (name: string, holds: boolean, needed: string) => {
    if (!holds)
      throw new Error(
        `${who}: ${name} must be ${needed}, got ${Array.from(state.get(name)!.data as ArrayLike<number>).slice(0, 4)}`,
      );
  };
  const [version] = tensor('version', Int32Array, [1]);
  require('version', version === VERSION, `${VERSION}; a newer release may read it`);
  const images = tensor('images', Int32Array, [null]);
  const positions = tensor('positions', Int32Array, [images.length]);
  const vectors = tensor('vectors', Float32Array, [images.length, null]);
  const dimension = state.get('vectors')!.shape[1];
  const [imageCount] = tensor('image_count', Int32Array, [1]);
  const [h, w] = tensor('grid', Int32Array, [2]);
  const layers = tensor('layers', Int32Array, [null]);
  const mean = tensor('mean', Float32Array, [null]);
  const projection = state.has('projection')
    ? tensor('projection', Float32Array, [mean.length, null])
    : undefined;
  const [residual] = tensor('residual', Int32Array, [1]);
  const [positionWeight] = tensor('position_weight', Float64Array, [1]);
  const [method] = tensor('coreset.method', Int32Array, [1]);
  const [limit, candidates] = tensor('coreset.limits', Int32Array, [2]);
  const [seed] = tensor('coreset.seed', Float64Array, [1]);
  const [radius] = tensor('coreset.radius', Float64Array, [1]);

  require('images', images.every((image) => image >= 0 && image < imageCount), `in 0..${imageCount - 1}`);
  require('grid', h >= 1 && w >= 1, 'at least 1x1');
  require('positions', positions.every(
    (position) => position >= 0 && position < h * w,
  ), `in 0..${h * w - 1}`);
  require('layers', layers.length >= 1 && layers.every((layer) => layer >= 0), 'indices from 0');
  require('residual', residual === 0 ||
    (residual === 1 && projection !== undefined), '1 with a projection, or 0');
  require('position_weight', positionWeight >= 0, '>= 0');
  const columns =
    (projection ? projection.length / mean.length : mean.length) + residual + (positionWeight > 0 ? 2 : 0);
  tensor('vectors', Float32Array, [images.length, columns]);
  require('coreset.method', method in methods, `an index of ${methods.join(', ')}`);
  require('coreset.limits', limit >= Math.max(1, images.length) &&
    candidates >= 1, 'no less than the vectors');
  require('coreset.seed', Number.isSafeInteger(seed) && seed >= 0, 'a whole number >= 0');
  require('coreset.radius', radius >= 0, '>= 0');
  return {
    vectors,
    dimension,
    images,
    positions,
    imageCount,
    grid: [h, w],
    layers: [...layers],
    mean,
    ...(projection && { projection }),
    residual: residual === 1,
    positionWeight,
    coreset: { method: methods[method], limit, candidates, seed, radius },
  };
}
