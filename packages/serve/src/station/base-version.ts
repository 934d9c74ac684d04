import type { Decision } from '../store/decision-log.js';

/**
 * The version that a version's judgements were added to: the one before it, and before that, until one that none were.
 * What was judged good later or taken back since then starts from there again, so that a recalibration depends on what is
 * judged good alone, and not on the order.
 */
export function baseVersion(version: number, decisions: readonly Decision[]): number {
  const from = new Map<number, number>();
  for (const decision of decisions) {
    if (typeof decision.from === 'number' && decision.kind !== 'activated')
      from.set(decision.version, decision.from);
  }
  let base = version;
  for (let before = from.get(base); before !== undefined; before = from.get(base)) base = before;
  return base;
}
