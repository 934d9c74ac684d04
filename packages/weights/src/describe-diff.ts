import type { StateDictDiff } from './diff-state-dict.js';

/**
 * One line that says how a state dict does not fit, or `''` where the diff is empty:
 * `2 missing (a.weight, a.bias), 1 misshapen (conv.weight: needs [4,3,3,3], got [4,1,3,3])`.
 *
 * @param shown How many names of each kind are spelt out, the rest is counted. @default 4
 */
export function describeDiff({ missing, unexpected, misshapen }: StateDictDiff, shown = 4): string {
  const shapes = misshapen.map((m) => `${m.name}: needs [${m.expected}], got [${m.actual}]`);
  return [part('missing', missing), part('unexpected', unexpected), part('misshapen', shapes)]
    .filter(Boolean)
    .join(', ');

  function part(kind: string, items: string[]): string {
    if (items.length === 0) return '';
    const rest = items.length > shown ? [`and ${items.length - shown} more`] : [];
    return `${items.length} ${kind} (${[...items.slice(0, shown), ...rest].join(', ')})`;
  }
}
