import type { Model } from '../model/model.js';
import { h } from './h.js';

/** What has happened, in a sentence that screen readers say too. */
export function notices(model: Model): HTMLElement {
  const text = h('span');
  const close = h('button', { class: 'quiet', 'aria-label': 'Close message', type: 'button' }, '×');
  const box = h('div', { class: 'notice', role: 'status', hidden: true }, text, close);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hide = () => {
    box.hidden = true;
  };
  close.addEventListener('click', hide);
  model.on('notice', ({ text: said, isError }) => {
    clearTimeout(timer);
    text.textContent = said;
    box.dataset.kind = isError ? 'error' : 'done';
    box.hidden = false;
    if (!isError) timer = setTimeout(hide, 8000);
  });
  return box;
}
