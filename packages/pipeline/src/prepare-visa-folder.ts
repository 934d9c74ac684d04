import { type PreparedVisa, type PrepareVisaOptions, prepareVisa } from '@ddad/datasets';
import type { TaskOptions } from '@ddad/detector';
import { asUserError } from '@ddad/detector';

/** `prepareVisa` of `@ddad/datasets` with this package's progress and errors. */
export function prepareVisaFolder(
  options: Omit<PrepareVisaOptions, 'onProgress' | 'signal'>,
  { onProgress, signal }: TaskOptions = {},
): Promise<PreparedVisa> {
  return asUserError(
    () =>
      prepareVisa({
        ...options,
        signal,
        onProgress: ({ done, total }) => onProgress?.({ phase: 'prepare', done, total }),
      }),
    { code: 'data' },
  );
}
