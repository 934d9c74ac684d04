import { normalTail } from '../distributions.js';

/**
 * Two-sided p-value of the rank-sum test (Mann and Whitney, 1947; normal, with continuity and ties corrected) that
 * `values` lie higher or lower than `others`, and which of both.
 */
export function rankSum(
  values: readonly number[],
  others: readonly number[],
): { p: number; direction: 'higher' | 'lower' } {
  const [m, n] = [values.length, others.length];
  const all = [
    ...values.map((value) => ({ value, mine: true })),
    ...others.map((value) => ({ value, mine: false })),
  ];
  all.sort((a, b) => a.value - b.value);
  let [sum, ties] = [0, 0];
  for (let from = 0, to = 0; from < all.length; from = to) {
    while (to < all.length && all[to].value === all[from].value) to++;
    const size = to - from;
    ties += size ** 3 - size;
    for (let i = from; i < to; i++) if (all[i].mine) sum += (from + to + 1) / 2;
  }
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)));
  const beyond = sum - (m * (total + 1)) / 2;
  const direction = beyond > 0 ? 'higher' : 'lower';
  if (!(variance > 0)) return { p: 1, direction };
  const z = Math.max(0, Math.abs(beyond) - 0.5) / Math.sqrt(variance);
  return { p: Math.min(1, 2 * normalTail(z)), direction };
}
