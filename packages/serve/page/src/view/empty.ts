import { h } from './h.js';

/** Shown before there is a picture. */
export function emptyStage(intake: HTMLElement): HTMLElement {
  return h(
    'div',
    { class: 'empty' },
    h('p', { class: 'lead' }, 'Drop pictures or a folder here'),
    h('p', {}, 'or'),
    intake,
    h('p', { class: 'hint' }, 'PNG, JPEG, BMP, TIFF, WebP. They go to this station alone.'),
  );
}
