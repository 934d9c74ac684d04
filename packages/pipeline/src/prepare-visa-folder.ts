import { type PreparedVisa, type PrepareVisaOptions, prepareVisa } from '@ddad/datasets';
import type { RunOptions } from './progress.js';
import { asUserError } from './user-error.js';

/** `prepareVisa` of `@ddad/datasets` with this package's progress and errors. */
export function prepareVisaFolder(
  options: Omit<PrepareVisaOptions, 'onProgress' | 'signal'>,
  { onProgress, signal }: RunOptions = {},
): Promise<PreparedVisa> {
  return asUserError(() =>
    prepareVisa({
      ...options,
      signal,
      onProgress: ({ done, total }) => onProgress?.({ phase: 'prepare', done, total }),
    }),
  );
}
