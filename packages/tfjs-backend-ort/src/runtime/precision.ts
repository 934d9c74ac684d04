/** How far results may be from float32's: see `InitOptions.precision`. */
export const precisions = ['float32', 'tf32'] as const;

export type Precision = (typeof precisions)[number];

/** A precision as asked for, checked. */
export function checkPrecision(precision: Precision = 'float32'): Precision {
  if (!precisions.includes(precision)) {
    throw new Error(`initOrt: precision needs one of ${precisions.join(', ')}, but got ${precision}.`);
  }
  return precision;
}
