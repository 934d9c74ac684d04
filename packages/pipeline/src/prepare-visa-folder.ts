import { type PreparedVisa, type PrepareVisaOptions, prepareVisa } from '@ddad/datasets';
import { asUserError, checkOptions, interruptible, type TaskOptions, taskKeys } from '@ddad/detector';

/** `prepareVisa` of `@ddad/datasets` with this package's progress and errors. */
export function prepareVisaFolder(
  options: Omit<PrepareVisaOptions, 'onProgress' | 'signal'>,
  task: TaskOptions = {},
): Promise<PreparedVisa> {
  checkOptions('prepareVisaFolder', task, taskKeys);
  const { onProgress, signal } = task;
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
