import { counted, format } from '../view/format.js';

/** A line of the log in words. */
export function inWords(decision: { [name: string]: unknown }): string {
  const { kind, version } = decision;
  const now = `version ${version}`;
  if (kind === 'judged') return `${decision.name ?? 'A picture'}: ${decision.verdict}`;
  if (kind === 'threshold') return `Threshold ${format(Number(decision.threshold))}: ${now}`;
  if (kind === 'roi') return `Region of interest: ${now}`;
  if (kind === 'activated') return `Went to ${now}`;
  if (kind === 'replaced') return `Another detector: ${now}`;
  if (kind !== 'recalibrated') return `${kind}: ${now}`;
  const count = Array.isArray(decision.images) ? decision.images.length : 0;
  return `${counted(count, 'good picture')} taken into account: ${now}`;
}
