import type { Model } from '../model/model.js';

/** Runs what a person has started; what goes wrong is told. The button that started it waits. */
export async function report(
  model: Model,
  work: () => Promise<void>,
  button?: HTMLButtonElement,
): Promise<void> {
  if (button) button.disabled = true;
  button?.setAttribute('aria-busy', 'true');
  try {
    await work();
  } catch (error) {
    model.notice(`That did not work: ${(error as Error).message}`, true);
  } finally {
    button?.removeAttribute('aria-busy');
    if (button) button.disabled = false;
  }
}
