const integerArrays = [
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
];

/**
 * Throws unless every value of a mask is a number: `false` and `'0'` are not 0.
 * @param at says where index i is, for the error
 */
export function checkMask(who: string, mask: ArrayLike<number>, at: (index: number) => string): void {
  if (integerArrays.some((type) => mask instanceof type)) return;
  for (let i = 0; i < mask.length; i++) {
    const value: unknown = mask[i];
    if (typeof value !== 'number' || Number.isNaN(value)) {
      throw new Error(`${who}: masks must hold numbers, got ${value} at ${at(i)}`);
    }
  }
}
