/** The p-quantile, interpolated linearly between neighbours in order. */
export function quantile(values: Float64Array, p: number): number {
  const sorted = values.toSorted();
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
