/** The p-quantile, interpolated linearly between neighbours in order. */
export function quantile(values: Float64Array, p: number): number {
  const position = p * (values.length - 1);
  const below = Math.floor(position);
  const copy = values.slice();
  const low = select(copy, below);
  let high = low;
  if (below + 1 < copy.length) {
    high = copy[below + 1];
    for (let i = below + 2; i < copy.length; i++) if (copy[i] < high) high = copy[i];
  }
  return low + (position - below) * (high - low);
}

/**
 * The value at `k` in ascending order, by Hoare's selection: in time proportional to the number of values. Reorders them such
 * that none before `k` is larger and none after it smaller.
 */
function select(values: Float64Array, k: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = median(values[from], values[(from + to) >> 1], values[to]);
    let i = from;
    let j = to;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const value = values[i];
        values[i++] = values[j];
        values[j--] = value;
      }
    }
    if (k <= j) to = j;
    else if (k >= i) from = i;
    else break;
  }
  return values[k];
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
