import type { Filter, Model } from '../model/model.js';
import { counted } from '../view/format.js';
import { h } from '../view/h.js';

const filters: { [name in Filter]: string } = {
  all: 'All',
  anomalous: 'Anomalous',
  good: 'Good',
  unjudged: 'Not judged by you',
};

/** The pictures, how far the station has come with them, and which of them are listed. */
export function listPanel(model: Model, list: HTMLElement): HTMLElement {
  const choice = h(
    'select',
    { 'aria-label': 'Show', onchange: () => model.setFilter(choice.value as Filter) },
    ...Object.entries(filters).map(([value, text]) => h('option', { value }, text)),
  );
  const progress = h('progress', { max: 1, value: 0, 'aria-label': 'Pictures judged', hidden: true });
  const count = h('span', { class: 'count' });
  const show = () => {
    const { pictures } = model;
    const done = pictures.filter(({ state }) => state === 'seen' || state === 'failed').length;
    const isBusy = done < pictures.length;
    progress.hidden = !isBusy;
    progress.max = pictures.length || 1;
    progress.value = done;
    count.textContent = isBusy
      ? `${done} of ${counted(pictures.length, 'picture')}`
      : counted(pictures.length, 'picture');
    element.hidden = pictures.length === 0;
  };
  const element = h(
    'section',
    { class: 'list-panel', 'aria-label': 'Pictures', hidden: true },
    h('div', { class: 'list-head' }, count, choice),
    progress,
    list,
  );
  model.on('pictures', show);
  model.on('picture', show);
  return element;
}
