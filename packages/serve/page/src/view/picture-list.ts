import type { Model } from '../model/model.js';
import { isAnomalous, type Picture } from '../model/picture.js';
import { baseName, format } from './format.js';
import { h } from './h.js';

interface Row {
  element: HTMLLIElement;
  image: HTMLImageElement;
  score: HTMLElement;
  verdict: HTMLElement;
  said: HTMLElement;
  shown: string;
}

/** All pictures with their verdicts: a list box, of which the arrow keys choose one. */
export function pictureList(model: Model): HTMLElement {
  const rows = new Map<Picture, Row>();
  const list = h('ul', {
    ...{ class: 'list', role: 'listbox', tabindex: 0, 'aria-label': 'Pictures' },
    onclick: (event) => {
      const element = (event.target as Element).closest('li');
      const picture = model.pictures.find((each) => rows.get(each)?.element === element);
      if (picture) model.select(picture);
    },
  });

  const update = (picture: Picture) => {
    const row = rows.get(picture);
    if (!row) return;
    if (picture.thumbnail && !row.image.src) row.image.src = picture.thumbnail;
    const verdict = verdictOf(picture, model.threshold);
    const score = picture.seen ? format(picture.seen.score) : '';
    const shown = `${verdict}|${score}|${picture.said}|${picture.state}`;
    if (shown === row.shown) return;
    row.shown = shown;
    row.element.dataset.verdict = verdict;
    row.element.dataset.said = picture.said ?? 'nothing';
    row.element.dataset.state = picture.state;
    row.score.textContent = score || (picture.state === 'failed' ? 'failed' : '…');
    row.verdict.textContent = verdict;
    row.said.textContent = picture.said ? `, you said ${picture.said}` : '';
  };
  const updateAll = () => {
    for (const picture of model.pictures) update(picture);
  };

  model.on('pictures', () => {
    for (const picture of model.pictures) {
      if (rows.has(picture)) continue;
      const image = h('img', { alt: '', decoding: 'async' });
      const score = h('span', { class: 'score' });
      const verdict = h('span', { class: 'verdict' });
      const said = h('span', { class: 'visually-hidden' });
      const name = h('span', { class: 'name' }, baseName(picture.name));
      const mark = h('span', { class: 'mark' });
      const element = h('li', { id: `picture-${picture.id}`, role: 'option', 'aria-selected': 'false' });
      const numbers = h('span', { class: 'row-numbers' }, score, ' ', verdict, said);
      element.append(h('span', { class: 'thumb' }, image, mark), name, ' ', numbers);
      rows.set(picture, { element, image, score, verdict, said, shown: '' });
      list.append(element);
      update(picture);
    }
  });
  model.on('picture', update);
  model.on('threshold', updateAll);
  model.on('judged', updateAll);
  model.on('filter', () => {
    list.dataset.filter = model.filter;
  });
  let before: Element | null = null;
  model.on('selected', () => {
    before?.setAttribute('aria-selected', 'false');
    // what the camera shows has no row
    before = (model.selected && rows.get(model.selected)?.element) ?? null;
    before?.setAttribute('aria-selected', 'true');
    if (before) list.setAttribute('aria-activedescendant', before.id);
    if (before) scrollTo(list, before as HTMLElement);
  });
  return list;
}

/** Scrolls the list and not the page. */
function scrollTo(list: HTMLElement, row: HTMLElement): void {
  const [outer, inner] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
  list.scrollBy({
    top: Math.min(0, inner.top - outer.top - 4) + Math.max(0, inner.bottom - outer.bottom + 4),
    left: Math.min(0, inner.left - outer.left - 16) + Math.max(0, inner.right - outer.right + 16),
  });
}

/** In one word. */
export function verdictOf(picture: Picture, threshold: number): 'anomalous' | 'good' | 'failed' | 'waiting' {
  if (picture.state === 'failed') return 'failed';
  const anomalous = isAnomalous(picture, threshold);
  return anomalous === undefined ? 'waiting' : anomalous ? 'anomalous' : 'good';
}
