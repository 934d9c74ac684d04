/** The axis of scores. */
export interface ScoreAxis {
  low: number;
  high: number;
  isLogarithmic: boolean;
}

/** An axis on which all scores and the threshold have room; logarithmic where they lie far apart. */
export function scoreAxis(values: readonly number[]): ScoreAxis {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return { low: 0, high: 1, isLogarithmic: false };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of known) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > 0 && high > 6 * low) return { low: low / 1.15, high: high * 1.15, isLogarithmic: true };
  const room = 0.06 * (high - low || Math.abs(high) || 1);
  return { low: low - room, high: high + room, isLogarithmic: false };
}

/** Place of a score on the axis, from 0 to 1. */
export function onAxis({ low, high, isLogarithmic }: ScoreAxis, score: number): number {
  const share = isLogarithmic ? Math.log(score / low) / Math.log(high / low) : (score - low) / (high - low);
  return Math.min(Math.max(share, 0), 1);
}

/** The score at a place. */
export function fromAxis({ low, high, isLogarithmic }: ScoreAxis, share: number): number {
  return isLogarithmic ? low * (high / low) ** share : low + share * (high - low);
}

/** How many scores each of `count` equal parts of the axis has. */
export function binned(axis: ScoreAxis, scores: readonly number[], count: number): number[] {
  const bins = new Array<number>(count).fill(0);
  for (const score of scores) bins[Math.min(count - 1, Math.floor(onAxis(axis, score) * count))]++;
  return bins;
}
