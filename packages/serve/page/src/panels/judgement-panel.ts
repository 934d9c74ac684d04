import type { Actions } from '../actions.js';
import type { Model } from '../model/model.js';
import { counted } from '../view/format.js';
import { h } from '../view/h.js';
import { report } from '../view/report-errors.js';
import { download } from './download.js';

/** What the person says of the picture, and what follows from it. */
export function judgementPanel(model: Model, actions: Actions): HTMLElement {
  const button = (said: 'good' | 'bad', key: string) => {
    const element = h(
      'button',
      { type: 'button', class: `say ${said}`, 'aria-pressed': 'false', 'aria-keyshortcuts': key },
      `This is ${said}`,
      h('kbd', { 'aria-hidden': 'true' }, key),
    );
    element.addEventListener('click', () => {
      const { selected } = model;
      if (selected) report(model, () => actions.judge(selected, said), element);
    });
    return element;
  };
  const good = button('good', 'G');
  const bad = button('bad', 'B');
  const state = h('p', { class: 'hint' });
  const take = h('button', { type: 'button' }, 'Take the good ones into account');
  take.addEventListener('click', () => report(model, () => actions.recalibrate(), take));
  const save = h('button', { type: 'button' }, 'Download judged pictures');
  save.addEventListener('click', () =>
    report(
      model,
      async () => download(await actions.exportJudgements(), `${model.detector!.name}-judged.tar`),
      save,
    ),
  );

  const show = () => {
    const said = model.selected?.said;
    good.setAttribute('aria-pressed', String(said === 'good'));
    bad.setAttribute('aria-pressed', String(said === 'bad'));
    const canSay = model.selected !== null && model.selected.state !== 'failed';
    good.disabled = !canSay;
    bad.disabled = !canSay;
    const count = (verdict: string) => actions.judgements.filter((each) => each.verdict === verdict).length;
    const [goods, bads] = [count('good'), count('bad')];
    state.textContent =
      goods + bads === 0
        ? 'Say what a picture is: good ones can be taught to the detector, all can be downloaded as a data set.'
        : `${counted(goods, 'picture')} judged good, ${bads} bad.`;
    const isTaught = (model.detector?.versions ?? []).some(({ cause }) => cause === 'recalibrated');
    take.disabled = goods === 0 && !isTaught;
    save.disabled = goods + bads === 0;
  };
  for (const event of ['selected', 'judged', 'picture', 'detector'] as const) model.on(event, show);
  show();
  return h(
    'section',
    { class: 'panel judgement', 'aria-labelledby': 'judgement-title' },
    h('h2', { id: 'judgement-title' }, 'Your judgement'),
    h('div', { class: 'say-buttons' }, good, bad),
    state,
    h('div', { class: 'buttons' }, take, save),
  );
}
