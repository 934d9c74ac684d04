import { h } from '../view/h.js';
import type { RegionDraft } from './region-draft.js';

/** A rectangle by numbers, for those who draw without a mouse. */
export function rectangleForm(draft: RegionDraft): HTMLElement {
  const input = (name: string, value: number) =>
    h('input', { type: 'number', name, min: 0, max: 100, step: 'any', value, required: true });
  const [left, top, right, bottom] = [
    input('left', 25),
    input('top', 25),
    input('right', 75),
    input('bottom', 75),
  ];
  const labelled = (text: string, field: HTMLInputElement) => h('label', {}, text, field);
  const form = h(
    'form',
    {
      class: 'numbers',
      onsubmit: (event) => {
        event.preventDefault();
        const [x0, y0, x1, y1] = [left, top, right, bottom].map((field) => Number(field.value) / 100);
        draft.addRectangle([x0, y0], [x1, y1]);
      },
    },
    labelled('Left', left),
    labelled('Top', top),
    labelled('Right', right),
    labelled('Bottom', bottom),
    h('button', {}, 'Add rectangle'),
  );
  return h('details', {}, h('summary', {}, 'By numbers, in percent of the picture'), form);
}
