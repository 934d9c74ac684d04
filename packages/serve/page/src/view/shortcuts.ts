import type { Actions } from '../actions.js';
import type { Model } from '../model/model.js';
import { report } from './report-errors.js';

const steps: { [key: string]: number } = {
  ...{ ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 },
  ...{ PageUp: -10, PageDown: 10, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY },
};

/** Arrow keys go through the pictures, G and B judge the one that is shown, wherever nothing is typed or moved. */
export function listenToKeys(model: Model, actions: Actions): void {
  document.addEventListener('keydown', (event) => {
    const target = event.target as Element;
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      target.closest('input, select, textarea, dialog, [role=slider]')
    )
      return;
    const step = steps[event.key];
    if (step !== undefined) {
      // what has a use for these keys by itself
      if (
        (event.key === 'Home' || event.key === 'End' || event.key.startsWith('Page')) &&
        !target.closest('.list')
      )
        return;
      event.preventDefault();
      model.go(step);
      return;
    }
    const said = { g: 'good', b: 'bad' }[event.key.toLowerCase()] as 'good' | 'bad' | undefined;
    const { selected } = model;
    if (said && selected && selected.state !== 'failed') report(model, () => actions.judge(selected, said));
  });
}
