/**
 * Values as whole levels 0..levels - 1 of equal width over [low, high]; outside values go to the ends. All levels
 * are 0 where the range is empty.
 */
export function quantize(
  values: ArrayLike<number>,
  { range: [low, high], levels = 256 }: { range: readonly [number, number]; levels?: number },
): Uint16Array {
  const scale = high > low ? levels / (high - low) : 0;
  const out = new Uint16Array(values.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.min(Math.max(Math.floor((values[i] - low) * scale), 0), levels - 1);
  }
  return out;
}

/** [smallest, largest] of all values. */
export function rangeOf(arrays: Iterable<ArrayLike<number>>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of arrays)
    for (let i = 0; i < values.length; i++) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
  return [low, high];
}
