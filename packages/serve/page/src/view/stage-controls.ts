import type { Model } from '../model/model.js';
import { h } from './h.js';
import type { Layer, Stage } from './stage.js';

/** What lies over the picture, and how much of it. */
export function stageControls(model: Model, stage: Stage): HTMLElement {
  const radio = (layer: Layer, text: string, isChecked = false) => {
    const input = h('input', {
      ...{ type: 'radio', name: 'layer', value: layer, checked: isChecked },
      onchange: () => stage.setLayer(layer),
    });
    return { input, label: h('label', {}, input, h('span', {}, text)) };
  };
  const heat = radio('heat', 'Heat map', true);
  const reconstruction = radio('reconstruction', 'Reconstruction');
  const none = radio('none', 'Picture');
  const regions = h('input', {
    ...{ type: 'checkbox', checked: true },
    onchange: () => stage.setRegions(regions.checked),
  });
  const update = () => {
    const has = model.selected?.seen?.reconstruction ?? null;
    reconstruction.label.hidden = has === null;
    if (has === null && reconstruction.input.checked) {
      heat.input.checked = true;
      stage.setLayer('heat');
    }
  };
  model.on('selected', update);
  model.on('picture', (picture) => picture === model.selected && update());
  const element = h(
    'div',
    { class: 'stage-controls', hidden: true },
    h(
      'fieldset',
      { class: 'segmented' },
      h('legend', { class: 'visually-hidden' }, 'Over the picture'),
      ...[none, heat, reconstruction].map(({ label }) => label),
    ),
    h('label', { class: 'check' }, regions, 'Regions'),
    h('label', { class: 'wipe', for: 'wipe' }, h('span', {}, 'Uncover the picture'), stage.wipe.range),
  );
  model.on('selected', () => {
    element.hidden = model.selected === null;
  });
  return element;
}
