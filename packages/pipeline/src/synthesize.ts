import { type MakeSyntheticOptions, makeSynthetic, type SyntheticDataset } from '@ddad/datasets';
import type { RunOptions } from './progress.js';
import { asUserError } from './user-error.js';

/** `makeSynthetic` with this package's progress and errors. */
export function synthesize(
  options: Omit<MakeSyntheticOptions, 'onProgress'>,
  { onProgress }: RunOptions = {},
): Promise<SyntheticDataset> {
  return asUserError(() =>
    makeSynthetic({ ...options, onProgress: (p) => onProgress?.({ phase: 'synthesize', ...p }) }),
  );
}
