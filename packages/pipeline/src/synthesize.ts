import { type MakeSyntheticOptions, makeSynthetic, type SyntheticDataset } from '@ddad/datasets';
import { asUserError, type TaskOptions } from '@ddad/detector';

/** `makeSynthetic` with this package's progress and errors. */
export function synthesize(
  options: Omit<MakeSyntheticOptions, 'onProgress'>,
  { onProgress }: TaskOptions = {},
): Promise<SyntheticDataset> {
  return asUserError(
    () => makeSynthetic({ ...options, onProgress: (p) => onProgress?.({ phase: 'synthesize', ...p }) }),
    { code: 'output' },
  );
}
