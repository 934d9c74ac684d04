import type { TermWeights } from '@ddad/detector';

/** What weights reach on pasted defects. */
export interface Tried {
  weights: TermWeights;
  /** Image AUROC, pixel AUROC, AUPRO. */
  metrics: readonly number[];
  /** Of the images' scores, see `separation`. */
  separation: number;
}

/**
 * So much better must the mean of the three metrics be for other weights, and none of the metrics worse by more than `loss`:
 * pasted defects are not the real ones, and mostly smaller and fainter (docs/decisions/0014).
 */
const worthwhile = 0.02;
const loss = 0.002;

/**
 * The first of the usual weights, heaviest first, that tell images apart no worse than the memory alone; or others that do so
 * too and find clearly more.
 *
 * @param alone separation by the memory alone; not finite where there is nothing to compare with
 */
export function pickWeights(
  { usual, others }: { usual: readonly Tried[]; others: readonly Tried[] },
  alone: number,
): TermWeights {
  const keepsApart = ({ separation }: Tried) => !Number.isFinite(alone) || separation >= alone;
  const first = usual.find(keepsApart) ?? usual[usual.length - 1];
  const best = others
    .filter(keepsApart)
    .filter(({ metrics }) => metrics.every((value, i) => value >= first.metrics[i] - loss))
    .reduce((a, b) => (mean(b.metrics) > mean(a.metrics) ? b : a), first);
  return (mean(best.metrics) > mean(first.metrics) + worthwhile ? best : first).weights;
}

function mean(metrics: readonly number[]): number {
  return metrics.reduce((a, b) => a + b) / metrics.length;
}
