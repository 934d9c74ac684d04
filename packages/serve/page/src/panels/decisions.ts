import type { Actions } from '../actions.js';
import type { Model } from '../model/model.js';
import { h } from '../view/h.js';
import { report } from '../view/report-errors.js';
import { inWords } from './decision-words.js';

/** Lines that are shown. */
const most = 50;

/** What was decided about the detector, the latest first; read when it is opened. */
export function decisions(model: Model, actions: Actions): HTMLElement {
  const list = h('ol', { class: 'decisions' });
  const element = h('details', { class: 'panel' }, h('summary', {}, h('h2', {}, 'Decisions')), list);
  const load = async () => {
    const lines = (await actions.log()).trim().split('\n').filter(Boolean);
    const rows = lines
      .slice(-most)
      .reverse()
      .map((line) => {
        const decision = JSON.parse(line) as { time: string };
        const time = new Date(decision.time).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' });
        return h('li', {}, h('time', { datetime: decision.time }, time), ' ', inWords(decision));
      });
    list.replaceChildren(...(rows.length ? rows : [h('li', {}, 'Nothing has been decided yet.')]));
  };
  const update = () => element.open && report(model, load);
  element.addEventListener('toggle', update);
  model.on('judged', update);
  model.on('detector', update);
  return element;
}
