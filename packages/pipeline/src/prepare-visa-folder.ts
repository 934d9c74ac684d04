import { type PreparedVisa, type PrepareVisaOptions, prepareVisa } from '@ddad/datasets';
import { asUserError, interruptible, type TaskOptions } from '@ddad/detector';

/** `prepareVisa` of `@ddad/datasets` with this package's progress and errors. */
export function prepareVisaFolder(
  options: Omit<PrepareVisaOptions, 'onProgress' | 'signal'>,
  { onProgress, signal }: TaskOptions = {},
): Promise<PreparedVisa> {
  const prepare = () =>
    prepareVisa({
      ...options,
      signal,
      onProgress: ({ done, total }) => onProgress?.({ phase: 'prepare', done, total }),
    });
  return interruptible(() => asUserError(prepare, { code: 'data' }), {
    signal,
    doing: 'preparing VisA',
  });
}
