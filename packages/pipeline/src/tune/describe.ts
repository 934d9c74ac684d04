import type { Gain } from './quality.js';
import { worthwhile } from './search.js';

/** What is said of a tuning. */
export interface DescribedTuning {
  tried: readonly { settings: string }[];
  chosen: number;
  gain: Gain | null;
  defects: number;
  good: number;
  threshold: number;
  config: string;
}

/** What a tuning has chosen, and how sure that is, in sentences. */
export function describeTuning({
  tried,
  chosen,
  gain,
  defects,
  good,
  threshold,
  config,
}: DescribedTuning): string[] {
  const on = `on ${defects} defects pasted into ${good} good images`;
  const what = gain
    ? `Chosen: ${tried[chosen].settings}: better by ${gain.mean.toFixed(3)} ${on} (the mean of image and pixel AUROC; 90 % ` +
      `bootstrap interval ${gain.low.toFixed(3)} to ${gain.high.toFixed(3)}). Pasted defects are not the real ones.`
    : `The settings stay: none of ${tried.length - 1} others is surely better by more than ${worthwhile} ${on}.`;
  return [what, `Threshold ${threshold.toPrecision(6)}. Settings for the next run: ${config}`];
}
