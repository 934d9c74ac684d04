import { checkDataset, type DatasetReport } from '@ddad/datasets';
import { loadConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { openOptions } from './data/open-data.js';
import type { RunOptions } from './progress.js';

/** Looks at every file of the configuration's data set and reports what is wrong and what to do about it. */
export function doctor(
  config: ConfigInput,
  { onProgress, onNotice, signal }: RunOptions = {},
): Promise<DatasetReport> {
  return checkDataset({
    ...openOptions(loadConfig(config, { onNotice })),
    signal,
    onProgress: ({ done, total }) => onProgress?.({ phase: 'load', done, total }),
  });
}
