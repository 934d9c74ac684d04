import { Actions } from './actions.js';
import { Api } from './api/api.js';
import icon from './icon.svg';
import { camera } from './intake/camera.js';
import { takeDrops } from './intake/drop-zone.js';
import { Model } from './model/model.js';
import { decisions } from './panels/decisions.js';
import { intakeBar } from './panels/intake-bar.js';
import { judgementPanel } from './panels/judgement-panel.js';
import { listPanel } from './panels/list-panel.js';
import { pageHeader } from './panels/page-header.js';
import { thresholdPanel } from './panels/threshold-panel.js';
import { regionPanel } from './region/region-panel.js';
import { askToken } from './view/ask-token.js';
import { emptyStage } from './view/empty.js';
import { h } from './view/h.js';
import { notices } from './view/notices.js';
import { pictureList } from './view/picture-list.js';
import { report } from './view/report-errors.js';
import { listenToKeys } from './view/shortcuts.js';
import { Stage } from './view/stage.js';
import { stageControls } from './view/stage-controls.js';

const api = new Api(askToken);
const model = new Model();
const actions = new Actions(model, api);

const live = camera(model, api);
const intake = intakeBar(model, actions, { onCamera: () => live.start() });
const empty = emptyStage(intake);
const stage = new Stage(model, empty);
const header = pageHeader(model, actions, icon);
const list = listPanel(model, pictureList(model));

document.body.append(
  header,
  notices(model),
  h(
    'main',
    {},
    list,
    h('div', { class: 'center' }, empty, live.element, stage.element, stageControls(model, stage)),
    h(
      'div',
      { class: 'side' },
      judgementPanel(model, actions),
      thresholdPanel(model, actions),
      regionPanel(model, actions, stage),
      decisions(model, actions),
    ),
  ),
);
// with pictures on the page, the buttons stand above the list
model.on('pictures', () => {
  if (intake.parentElement !== list) list.prepend(intake);
});
takeDrops(model, actions);
listenToKeys(model, actions);
report(model, () => actions.start());
