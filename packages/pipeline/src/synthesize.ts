import { type MakeSyntheticOptions, makeSynthetic, type SyntheticDataset } from '@ddad/datasets';
import { asUserError, checkOptions, type TaskOptions, taskKeys } from '@ddad/detector';

/** `makeSynthetic` with this package's progress and errors. */
export function synthesize(
  options: Omit<MakeSyntheticOptions, 'onProgress'>,
  task: TaskOptions = {},
): Promise<SyntheticDataset> {
  checkOptions('synthesize', task, taskKeys);
  const { onProgress } = task;
  return asUserError(
    () => makeSynthetic({ ...options, onProgress: (p) => onProgress?.({ phase: 'synthesize', ...p }) }),
    { code: 'output' },
  );
}
