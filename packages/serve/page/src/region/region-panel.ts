import type { Actions } from '../actions.js';
import type { Model } from '../model/model.js';
import { counted } from '../view/format.js';
import { h } from '../view/h.js';
import { report } from '../view/report-errors.js';
import type { Stage } from '../view/stage.js';
import { areaList } from './area-list.js';
import { rectangleForm } from './rectangle-form.js';
import { regionCanvas } from './region-canvas.js';
import { type AreaKind, RegionDraft } from './region-draft.js';

/** Shows the region of interest, and lets it be drawn. */
export function regionPanel(model: Model, actions: Actions, stage: Stage): HTMLElement {
  const canvas = regionCanvas(stage.frame);
  const state = h('p');
  const editor = h('div', { class: 'editor', hidden: true });
  const start = h('button', { type: 'button', onclick: () => begin() }, 'Change…');
  let draft: RegionDraft | undefined;

  const begin = () => {
    if (!model.selected) return model.notice('Add a picture first: the region is drawn on it.', true);
    const areas = h('div');
    const refresh = () => {
      canvas.draw();
      areas.replaceChildren(areaList(next));
      save.textContent = next.areas.length ? 'Use this region' : 'Judge all of the picture';
    };
    const next = new RegionDraft(model.detector!.regionOfInterest ?? { include: [], ignore: [] }, () =>
      refresh(),
    );
    draft = next;
    const kind = (value: AreaKind, text: string) =>
      h(
        'label',
        {},
        h('input', {
          ...{ type: 'radio', name: 'area-kind', value, checked: value === next.kind },
          onchange: () => next.setKind(value),
        }),
        h('span', {}, text),
      );
    const save = h('button', { type: 'button', class: 'primary' });
    save.addEventListener('click', () =>
      report(
        model,
        async () => {
          next.close();
          await actions.saveRegion(next.polygons);
          end();
        },
        save,
      ),
    );
    const cancel = h('button', { type: 'button', onclick: () => end() }, 'Cancel');
    editor.replaceChildren(
      h(
        'fieldset',
        { class: 'segmented' },
        h('legend', { class: 'visually-hidden' }, 'What the next area does'),
        kind('include', 'Judge only here'),
        kind('ignore', 'Ignore here'),
      ),
      h(
        'p',
        { class: 'hint' },
        'Drag a rectangle on the picture, or click corner by corner; the first corner, a double click or Enter closes.',
      ),
      areas,
      rectangleForm(next),
      h('div', { class: 'buttons' }, save, cancel),
    );
    canvas.edit(next);
    refresh();
    show();
    editor.querySelector('input')!.focus();
  };
  const end = () => {
    draft = undefined;
    canvas.edit(undefined);
    show();
    start.focus();
  };
  const show = () => {
    editor.hidden = !draft;
    start.hidden = draft !== undefined;
    state.hidden = draft !== undefined;
    const region = model.detector?.regionOfInterest;
    state.textContent = region
      ? [
          region.include.length ? `${counted(region.include.length, 'area')} judged` : 'All is judged',
          region.ignore.length ? `${counted(region.ignore.length, 'area')} ignored` : null,
        ]
          .filter(Boolean)
          .join(', ')
      : 'All of the picture is judged.';
  };
  editor.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') end();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && draft?.open.length && !(event.target as Element).matches('button, input'))
      draft.close();
  });
  model.on('detector', show);
  return h(
    'section',
    { class: 'panel region', 'aria-labelledby': 'region-title' },
    h('h2', { id: 'region-title' }, 'Region of interest'),
    state,
    start,
    editor,
  );
}
