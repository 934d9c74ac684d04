import type { Actions } from '../actions.js';
import { onAxis, type ScoreAxis, scoreAxis } from '../draw/score-axis.js';
import type { Model } from '../model/model.js';
import { counted, format } from '../view/format.js';
import { h } from '../view/h.js';
import { report } from '../view/report-errors.js';
import { histogram } from './histogram.js';
import { thresholdHandle } from './threshold-handle.js';

/** Histogram and threshold: moving the handle judges every picture on the page anew. */
export function thresholdPanel(model: Model, actions: Actions): HTMLElement {
  const chart = histogram();
  const summary = h('p', { class: 'summary' });
  const known = h('p', { class: 'hint' });
  let axis: ScoreAxis = scoreAxis([]);
  const handle = thresholdHandle({ onMove: (threshold) => model.setThreshold(threshold) });
  const save = h('button', { type: 'button', class: 'primary' }, 'Use this threshold');
  save.addEventListener('click', () => report(model, () => actions.saveThreshold(), save));
  const reset = h(
    'button',
    {
      ...{ type: 'button' },
      onclick: () => model.setThreshold(model.detector!.threshold.value),
    },
    'Back',
  );

  const buttons = h('div', { class: 'buttons', hidden: true }, save, reset);

  const judge = () => {
    const { threshold, detector, pictures } = model;
    if (!detector) return;
    const seen = pictures.filter((each) => each.seen);
    const anomalous = seen.filter((each) => each.seen!.score >= threshold).length;
    const scores = detector.calibration?.scores ?? [];
    const above = scores.filter((score) => score >= threshold).length;
    const text = seen.length
      ? `${anomalous} of ${counted(seen.length, 'picture')} anomalous`
      : 'No picture has been judged yet.';
    summary.textContent = text;
    known.textContent = scores.length
      ? `${above} of ${counted(scores.length, 'known good image')} would be called anomalous`
      : '';
    handle.show(axis, threshold, `${format(threshold)}: ${text}`);
    chart.split(onAxis(axis, threshold));
    const isChanged = threshold !== detector.threshold.value;
    buttons.hidden = !isChanged;
  };
  const draw = () => {
    const { detector, pictures, threshold } = model;
    if (!detector) return;
    const calibrated = detector.calibration?.scores ?? [];
    const scores = (said?: string) =>
      pictures.flatMap((each) => (each.seen && (!said || each.said === said) ? [each.seen.score] : []));
    const shown = scores();
    axis = scoreAxis([...shown, ...calibrated, detector.threshold.value, threshold]);
    chart.draw({ axis, shown, known: calibrated, said: { good: scores('good'), bad: scores('bad') } });
    judge();
  };
  const soon = oncePerFrame(draw);
  for (const event of ['pictures', 'picture', 'judged', 'detector'] as const) model.on(event, soon);
  model.on('threshold', judge);

  return h(
    'section',
    { class: 'panel threshold', 'aria-labelledby': 'threshold-title' },
    h('h2', { id: 'threshold-title' }, 'Scores and threshold'),
    h('div', { class: 'chart' }, chart.element, handle.element),
    h(
      'p',
      { class: 'legend', 'aria-hidden': 'true' },
      h('span', { class: 'key good' }, 'good'),
      h('span', { class: 'key anomalous' }, 'anomalous'),
      h('span', { class: 'key known' }, 'known good images'),
    ),
    summary,
    known,
    buttons,
  );
}

function oncePerFrame(work: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      work();
    });
  };
}
