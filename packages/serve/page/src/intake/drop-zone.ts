import type { Actions } from '../actions.js';
import type { Model } from '../model/model.js';
import { report } from '../view/report-errors.js';
import { chosenFiles, droppedFiles } from './files-of.js';

/** Takes what is dropped anywhere on the page, and pictures that are pasted. */
export function takeDrops(model: Model, actions: Actions): void {
  const { body } = document;
  let depth = 0;
  const mark = (change: number) => {
    depth = Math.max(0, depth + change);
    body.classList.toggle('dropping', depth > 0);
  };
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files');
  body.addEventListener('dragenter', (event) => hasFiles(event) && mark(1));
  body.addEventListener('dragleave', (event) => hasFiles(event) && mark(-1));
  body.addEventListener('dragover', (event) => event.preventDefault());
  body.addEventListener('drop', (event) => {
    event.preventDefault();
    mark(-depth);
    const items = event.dataTransfer?.items;
    if (items) report(model, async () => actions.add(await droppedFiles(items)));
  });
  document.addEventListener('paste', (event) => {
    const files = chosenFiles(event.clipboardData?.files ?? []);
    if (files.length > 0) report(model, () => actions.add(files));
  });
}
