/**
 * Seeds are integers in [0, 2^53). All random values of a seed are a function of (seed, position) alone:
 * nothing is drawn in sequence, so nothing depends on batch size, order or on where a run was resumed.
 */

/** murmur3's 32-bit finaliser. */
export function mix32(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The two 32-bit key words of a seed. */
export function keyOf(seed: number): [number, number] {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new Error(`seed: needs an integer in [0, 2^53), got ${seed}`);
  }
  const low = seed >>> 0;
  const high = Math.floor(seed / 2 ** 32);
  const a = mix32(low ^ 0x9e3779b9);
  return [mix32(a + high) >>> 0, mix32(Math.imul(a, 0x27d4eb2f) ^ mix32(high ^ 0x165667b1)) >>> 0];
}

/**
 * A 53-bit seed from bytes, by two independently keyed 32-bit hashes (MurmurHash3 x86_32). Equal bytes give
 * equal seeds on every platform. Not cryptographic.
 */
export function seedFrom(bytes: Uint8Array): number {
  const high = murmur3(bytes, 0x9747b28c) & 0x1fffff;
  return high * 2 ** 32 + (murmur3(bytes, 0x3c6ef372) >>> 0);
}

/** An independent seed for each combination of integers, e.g. `deriveSeed(seed, epoch, index)`. */
export function deriveSeed(seed: number, ...indices: number[]): number {
  let [a, b] = keyOf(seed);
  for (const index of indices) {
    const [x, y] = keyOf(index);
    a = mix32(Math.imul(a, 5) + x + 0xe6546b64);
    b = mix32(Math.imul(b ^ y, 0x9e3779b1) + a);
  }
  return (a & 0x1fffff) * 2 ** 32 + (b >>> 0);
}

function murmur3(bytes: Uint8Array, seed: number): number {
  let h = seed;
  const blocks = bytes.length & ~3;
  for (let i = 0; i < blocks; i += 4) {
    h ^= scramble(bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= blocks; i--) tail = (tail << 8) | bytes[i];
  if (bytes.length > blocks) h ^= scramble(tail);
  return mix32(h ^ bytes.length);
}

function scramble(k: number): number {
  k = Math.imul(k, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
