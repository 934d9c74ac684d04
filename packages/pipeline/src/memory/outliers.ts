/**
 * Places of the scores that are more than `limit` robust standard deviations above the median, of their logarithms since
 * distances are skewed; the largest first.
 *
 * @param scores > 0
 */
export function outliers(scores: readonly number[], { limit = 4 } = {}): number[] {
  const logs = scores.map((score) => Math.log(Math.max(score, Number.MIN_VALUE)));
  const middle = median(logs);
  // a normal distribution's standard deviation is 1.4826 median absolute deviations
  const deviation = 1.4826 * median(logs.map((value) => Math.abs(value - middle)));
  return logs
    .map((value, i) => ({ i, z: (value - middle) / deviation }))
    .filter(({ z }) => z > limit)
    .sort((a, b) => b.z - a.z)
    .map(({ i }) => i);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = sorted.length >> 1;
  return sorted.length % 2 ? sorted[at] : (sorted[at - 1] + sorted[at]) / 2;
}
