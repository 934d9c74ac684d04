/** The counter-based hash that both sides of the goldens compute weights and inputs from (fixtures/README.md). */

function fnv1a(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** `count` doubles in [0, 1), a function of `name` alone. */
export function unit(name: string, count: number): Float64Array {
  const seed = fnv1a(name);
  return Float64Array.from(
    { length: count },
    (_, i) => mix((Math.imul(i, 0x9e3779b1) + seed) >>> 0) / 2 ** 32,
  );
}

/** float32 values in [-scale, scale), row-major. */
export function uniform(name: string, shape: number[], scale = 1): Float32Array {
  return Float32Array.from(unit(name, size(shape)), (u) => (2 * u - 1) * scale);
}

/** float32 standard normal values, row-major. */
export function gauss(name: string, shape: number[]): Float32Array {
  const count = size(shape);
  const u = unit(`${name}#1`, count);
  const v = unit(`${name}#2`, count);
  return Float32Array.from(u, (x, i) => Math.sqrt(-2 * Math.log(1 - x)) * Math.cos(2 * Math.PI * v[i]));
}

/** The parameters of a golden module: PyTorch names and layouts, values from the hash. */
export function goldenParameter(tag: string, key: string, shape: number[]): Float32Array {
  const u = unit(tag + key, size(shape));
  if (key.endsWith('num_batches_tracked')) return new Float32Array(size(shape));
  if (key.endsWith('running_var')) return Float32Array.from(u, (x) => 0.5 + x);
  if (key.endsWith('running_mean')) return Float32Array.from(u, (x) => 0.2 * (2 * x - 1));
  if (shape.length >= 2) {
    const scale = Math.sqrt(3 / size(shape.slice(1)));
    return Float32Array.from(u, (x) => (2 * x - 1) * scale);
  }
  if (key.endsWith('weight')) return Float32Array.from(u, (x) => 1 + 0.2 * (2 * x - 1));
  return Float32Array.from(u, (x) => 0.1 * (2 * x - 1));
}

export function size(shape: number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
