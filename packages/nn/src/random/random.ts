import { keyOf, mix32 } from './seed.js';

/** Value i of the stream of a key: two rounds of a 32-bit mixer over the counter, keyed before each. */
function bits(i: number, a: number, b: number): number {
  return mix32((mix32((Math.imul(i, 0x9e3779b1) + a) | 0) ^ b) | 0);
}

/** `count` values in [0, 1) with 24 random bits each: value i is a function of (seed, i). */
export function uniform(seed: number, count: number): Float32Array {
  const [a, b] = keyOf(seed);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = (bits(i, a, b) >>> 8) / 2 ** 24;
  return out;
}

/** `count` integers in [0, bound), bound at most 2^32: value i is a function of (seed, i). */
export function randomIntegers(seed: number, count: number, bound: number): Uint32Array {
  if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) {
    throw new Error(`randomIntegers: needs a bound in 1..2^32, got ${bound}`);
  }
  const [a, b] = keyOf(seed);
  const out = new Uint32Array(count);
  // 53 bits scaled down: the bias is below bound / 2^53
  for (let i = 0; i < count; i++) {
    const high = bits(2 * i, a, b) >>> 0;
    const low = bits(2 * i + 1, a, b) >>> 11;
    out[i] = Math.floor(((high * 2 ** 21 + low) / 2 ** 53) * bound);
  }
  return out;
}

/** The integers 0..count-1 in random order (Fisher-Yates). */
export function permutation(seed: number, count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const [a, b] = keyOf(seed);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(((bits(i, a, b) >>> 0) / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/**
 * A dropout mask: `count` bytes, 0 with probability `rate` (resolution 2^-32), else 1. Value i is a function
 * of (seed, from + i).
 */
export function bernoulli(seed: number, count: number, rate: number, from = 0): Uint8Array {
  if (!(rate >= 0 && rate < 1)) throw new Error(`bernoulli: needs a rate in [0, 1), got ${rate}`);
  const [a, b] = keyOf(seed);
  const limit = rate * 2 ** 32;
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i++) out[i] = bits(from + i, a, b) >>> 0 < limit ? 0 : 1;
  return out;
}

// Ziggurat of 256 layers of equal area (Marsaglia & Tsang 2000, in the form of Doornik 2005).
const layers = 256;
const tailStart = 3.6541528853610088;
const layerArea = 0.00492867323399;
const edges = new Float64Array(layers + 1);
const ratios = new Float64Array(layers);
{
  let f = Math.exp(-0.5 * tailStart * tailStart);
  edges[0] = layerArea / f;
  edges[1] = tailStart;
  for (let i = 2; i < layers; i++) {
    edges[i] = Math.sqrt(-2 * Math.log(layerArea / edges[i - 1] + f));
    f = Math.exp(-0.5 * edges[i] * edges[i]);
  }
  for (let i = 0; i < layers; i++) ratios[i] = edges[i + 1] / edges[i];
}

/**
 * `count` standard normal values: value i is a function of (seed, i), so the first values of a longer draw
 * are those of a shorter one.
 */
export function normal(seed: number, count: number): Float32Array {
  const [a, b] = keyOf(seed);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const h = bits(i, a, b);
    const layer = h & 255;
    const u = (h >> 8) / 2 ** 23 + 2 ** -24; // symmetric in (-1, 1), never 0
    out[i] = Math.abs(u) < ratios[layer] ? u * edges[layer] : outside(i, h, a, b);
  }
  return out;
}

/** The 1.5 % of draws that miss a layer's inner box: further attempts on a stream of their own. */
function outside(i: number, first: number, a: number, b: number): number {
  let h = first;
  let counter = 0;
  const key = mix32(b ^ Math.imul(i, 0x85ebca77)) ^ 0x5bd1e995;
  const next = () => ((bits(counter++, key, a) >>> 0) + 0.5) / 2 ** 32;
  for (;;) {
    const layer = h & 255;
    const u = (h >> 8) / 2 ** 23 + 2 ** -24;
    if (Math.abs(u) < ratios[layer]) return u * edges[layer];
    if (layer === 0) {
      let x: number;
      let y: number;
      do {
        x = Math.log(next()) / tailStart;
        y = Math.log(next());
      } while (-2 * y < x * x);
      return u < 0 ? x - tailStart : tailStart - x;
    }
    const x = u * edges[layer];
    const upper = Math.exp(-0.5 * (edges[layer] * edges[layer] - x * x));
    const lower = Math.exp(-0.5 * (edges[layer + 1] * edges[layer + 1] - x * x));
    if (lower + next() * (upper - lower) < 1) return x;
    h = bits(counter++, key, a);
  }
}
