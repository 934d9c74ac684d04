/**
 * How far defective images score above good ones, in standard deviations of the good ones' scores (Glass's delta; Glass, 1976,
 * Primary, Secondary, and Meta-Analysis of Research). Unlike an AUROC it says how much room there is, from few images too.
 *
 * @returns not finite where the good scores are fewer than two, or all the same
 */
export function separation({
  good,
  defective,
}: {
  good: readonly number[];
  defective: readonly number[];
}): number {
  const usual = mean(good);
  const variance = good.reduce((sum, score) => sum + (score - usual) ** 2, 0) / (good.length - 1);
  return (mean(defective) - usual) / Math.sqrt(variance);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
