// Seeded random numbers (sfc32): the same pictures for the same seed, whichever thread draws them.

/** @param {...number} keys whole numbers that name the stream */
export function random(...keys) {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (const key of keys) {
    a ^= key | 0;
    for (let i = 0; i < 12; i++) next();
  }
  const between = (low, high) => low + (high - low) * next();
  return {
    next,
    between,
    /** Log-uniform in [low, high). */
    scale: (low, high) => low * (high / low) ** next(),
    whole: (count) => Math.floor(next() * count),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)],
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    /** Whole numbers in [low, high]. */
    count: (low, high) => low + Math.floor(next() * (high - low + 1)),
  };
}
