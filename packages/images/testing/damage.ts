/** A damaged copy, a different one for each `seed`: cut, or with flipped bits in its first 64 bytes or anywhere. */
export function damage(bytes: Uint8Array, seed: number): Uint8Array {
  const random = uniform(seed);
  const kind = seed % 4;
  if (kind === 0) return bytes.slice(0, Math.floor(random() * bytes.length));
  const result = bytes.slice();
  const within = kind === 1 ? Math.min(64, result.length) : result.length;
  for (let k = 0; k < kind * 3; k++) result[Math.floor(random() * within)]! ^= 1 << Math.floor(random() * 8);
  return result;
}

/** mulberry32: numbers in [0, 1). */
function uniform(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
