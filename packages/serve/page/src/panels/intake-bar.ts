import type { Actions } from '../actions.js';
import { chosenFiles } from '../intake/files-of.js';
import type { Model } from '../model/model.js';
import { h } from '../view/h.js';
import { report } from '../view/report-errors.js';

/** Buttons that bring pictures onto the page. */
export function intakeBar(
  model: Model,
  actions: Actions,
  { onCamera }: { onCamera: () => void },
): HTMLElement {
  const choose = (attributes: object) => {
    const input = h('input', {
      ...{ type: 'file', hidden: true, multiple: true, ...attributes },
      onchange: () => {
        const files = chosenFiles(input.files ?? []);
        input.value = '';
        report(model, () => actions.add(files));
      },
    });
    return input;
  };
  const files = choose({ accept: 'image/*,.tif,.tiff,.bmp' });
  const folder = choose({ webkitdirectory: true });
  const button = (text: string, onclick: () => void) => h('button', { type: 'button', onclick }, text);
  return h(
    'div',
    { class: 'intake', role: 'group', 'aria-label': 'Add pictures' },
    button('Pictures…', () => files.click()),
    button('Folder…', () => folder.click()),
    button('Camera', onCamera),
    files,
    folder,
  );
}
