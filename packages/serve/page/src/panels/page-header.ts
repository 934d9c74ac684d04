import type { Actions } from '../actions.js';
import type { Model } from '../model/model.js';
import { h } from '../view/h.js';
import { report } from '../view/report-errors.js';

const causes: { [cause: string]: string } = {
  given: 'as given',
  threshold: 'threshold',
  roi: 'region of interest',
  recalibrated: 'good pictures taken into account',
  replaced: 'another detector',
};

/** Which detector, and which version of it. */
export function pageHeader(model: Model, actions: Actions, icon: string): HTMLElement {
  const detectors = h('select', {
    ...{ id: 'detector' },
    onchange: () => report(model, () => actions.use(detectors.value)),
  });
  const versions = h('select', {
    ...{ id: 'version' },
    onchange: async () => {
      await report(model, () => actions.activate(Number(versions.value)));
      versions.value = String(model.detector?.version);
    },
  });
  model.on('detector', () => {
    const { detector, names } = model;
    if (!detector) return;
    detectors.replaceChildren(...names.map((name) => h('option', { value: name }, name)));
    detectors.value = detector.name;
    versions.replaceChildren(
      ...[...detector.versions].reverse().map(({ version, createdAt, cause }) => {
        const time = new Date(createdAt).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' });
        return h('option', { value: version }, `${version} · ${causes[cause] ?? cause} · ${time}`);
      }),
    );
    versions.value = String(detector.version);
    document.title = `${detector.name} · ddad station`;
  });
  return h(
    'header',
    { class: 'page-header' },
    h('h1', {}, h('img', { src: icon, alt: '', width: 28, height: 28 }), h('span', {}, 'ddad station')),
    h('label', { for: 'detector' }, h('span', {}, 'Detector'), detectors),
    h('label', { for: 'version' }, h('span', {}, 'Version'), versions),
  );
}
