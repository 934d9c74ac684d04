import { h } from './h.js';

let open: Promise<string> | undefined;

/** Asks for the station's token, once for all requests that wait for it. */
export function askToken(wasWrong: boolean): Promise<string> {
  open ??= ask(wasWrong).finally(() => {
    open = undefined;
  });
  return open;
}

function ask(wasWrong: boolean): Promise<string> {
  const input = h('input', {
    type: 'password',
    id: 'token',
    required: true,
    autocomplete: 'current-password',
  });
  const dialog = h('dialog', { 'aria-labelledby': 'token-title' });
  const form = h(
    'form',
    { method: 'dialog' },
    h('h2', { id: 'token-title' }, 'This station asks for its token'),
    wasWrong && h('p', { class: 'error' }, 'That was not the token.'),
    h('label', { for: 'token' }, 'Token'),
    input,
    h('button', { class: 'primary' }, 'Continue'),
  );
  dialog.append(form);
  document.body.append(dialog);
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(input.value);
    });
  });
}
