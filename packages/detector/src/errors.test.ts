import { expect, test } from 'vitest';
import { asUserError } from './as-user-error.js';
import { DdadError, InterruptedError, UserError } from './errors.js';

test('an error of another copy of the package is known', async () => {
  const copy: typeof import('./errors.js') = await import(/* @vite-ignore */ './errors.js?copy' as string);
  const foreign = new copy.UserError('reason', { code: 'data', remedy: 'do it' });
  expect(copy.UserError).not.toBe(UserError);
  expect(foreign).not.toBeInstanceOf(UserError);
  expect(DdadError.isInstance(foreign)).toBe(true);
  expect(UserError.isInstance(foreign)).toBe(true);
  expect(InterruptedError.isInstance(foreign)).toBe(false);
  for (const other of [new Error('x'), { message: 'x' }, undefined, 'x']) {
    expect(DdadError.isInstance(other)).toBe(false);
  }
});

test('the remedy ends the message', () => {
  const error = new UserError('there is no such file', { code: 'data', remedy: 'give another' });
  expect(error).toMatchObject({
    message: 'there is no such file; give another',
    reason: 'there is no such file',
    remedy: 'give another',
    code: 'data',
  });
  expect(new InterruptedError('interrupted').message).toBe('interrupted');
  expect(new InterruptedError('interrupted').code).toBe('interrupted');
});

test('asUserError: one line, the cause kept; faults of the program and ends by a signal pass', async () => {
  const fails = (error: unknown) =>
    asUserError(
      () => {
        throw error;
      },
      { code: 'data', prefix: 'here: ' },
    );
  const cause = new Error('one\n  two');
  await expect(fails(cause)).rejects.toMatchObject({ message: 'here: one two', name: 'UserError', cause });
  const engine = Object.assign(new Error('no engine; install it'), {
    reason: 'no engine',
    remedy: 'install it',
  });
  await expect(fails(engine)).rejects.toMatchObject({
    message: 'here: no engine; install it',
    remedy: 'install it',
  });
  const aborted = AbortSignal.abort().reason;
  for (const error of [new TypeError('x'), new RangeError('x'), new ReferenceError('x'), aborted]) {
    await expect(fails(error)).rejects.toBe(error);
  }
  const known = new UserError('known', { code: 'image' });
  await expect(fails(known)).rejects.toBe(known);
});
