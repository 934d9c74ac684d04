import { describeDrift } from '@ddad/detector';
import type { Context } from '../context.js';
import type { ServedDetector } from './served-detector.js';

/** Looks at a score of the version in use: tells, once, where scores no longer look like those of the calibration. */
export function watchDrift(
  { name, drift, loaded }: Pick<ServedDetector, 'name' | 'drift' | 'loaded'>,
  { version, score }: { version: number; score: number },
  { metrics, onNotice }: Pick<Context, 'metrics' | 'onNotice'>,
): void {
  // one of a request that began before another version was used says nothing of that
  if (!drift || version !== loaded.version) return;
  const found = drift.add(score);
  metrics.driftLevel.set({ detector: name }, drift.level);
  if (found) onNotice(`detector ${name}: ${describeDrift(found)}`);
}
