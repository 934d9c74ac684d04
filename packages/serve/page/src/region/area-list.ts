import { h } from '../view/h.js';
import type { RegionDraft } from './region-draft.js';

const words = { include: 'Judged', ignore: 'Ignored' };

/** The areas of a draft, each with a button that takes it away. */
export function areaList(draft: RegionDraft): HTMLElement {
  return h(
    'ul',
    { class: 'areas' },
    ...draft.areas.map(({ kind, corners }, i) => {
      const text = `${words[kind]}: ${describe(corners)}`;
      return h(
        'li',
        { class: kind },
        h('span', {}, text),
        h(
          'button',
          { type: 'button', class: 'quiet', 'aria-label': `Remove: ${text}`, onclick: () => draft.remove(i) },
          '×',
        ),
      );
    }),
  );
}

function describe(corners: readonly (readonly [number, number])[]): string {
  const percent = (value: number) => `${Math.round(100 * value)} %`;
  const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const size = `${percent(Math.max(...xs) - left)} × ${percent(Math.max(...ys) - top)}`;
  const shape = corners.length === 4 ? '' : `, ${corners.length} corners`;
  return `${size} at ${percent(left)}, ${percent(top)}${shape}`;
}
