import { type Gain, gainOf, type Quality } from './quality.js';
import type { Axis, Settings } from './settings.js';

/** Settings that were measured. */
export interface Trial {
  /** What was varied; `present` for the settings that the search began with. */
  axis: string;
  settings: Settings;
  quality: Quality;
  /** Over the settings that were the best before this axis; none of the first. */
  gain: Gain | null;
}

export interface SearchResult {
  /** In the order they were made. */
  trials: Trial[];
  best: Trial;
}

/**
 * By so much must the mean over the defects rise, beside the lower end of its interval lying above 0: pasted defects are not the
 * real ones, and of many candidates the best is in part the luckiest.
 */
export const worthwhile = 0.01;

/**
 * Goes along one axis after the other, each from the best settings so far. Settings are left only for others that are better by
 * {@link worthwhile} and surely so.
 *
 * @param measure tells how well settings do
 */
export async function search(
  from: Settings,
  {
    axes,
    measure,
    seed,
  }: { axes: readonly Axis[]; measure: (settings: Settings) => Promise<Quality>; seed: number },
): Promise<SearchResult> {
  let best: Trial = { axis: 'present', settings: from, quality: await measure(from), gain: null };
  const trials = [best];
  const seen = new Set([JSON.stringify(from)]);
  for (const { name, candidates } of axes) {
    let leader: Trial | undefined;
    for (const settings of candidates(best.settings)) {
      const key = JSON.stringify(settings);
      if (seen.has(key)) continue;
      seen.add(key);
      const quality = await measure(settings);
      const gain = gainOf(quality, best.quality, { seed });
      const trial: Trial = { axis: name, settings, quality, gain };
      trials.push(trial);
      if (gain.mean <= worthwhile || gain.low <= 0) continue;
      if (!leader || gain.mean > leader.gain!.mean) leader = trial;
    }
    if (leader) best = leader;
  }
  return { trials, best };
}
