import { checkDataset, type DatasetReport } from '@ddad/datasets';
import { loadConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { openOptions } from './data/open-data.js';
import type { RunOptions } from './progress.js';
import { UserError } from './user-error.js';

/**
 * Looks at every file of the configuration's data set and reports what is wrong and what to do about it.
 *
 * @throws {UserError} there is no folder `data.root`
 */
export async function doctor(
  config: ConfigInput,
  { onProgress, onNotice, signal }: RunOptions = {},
): Promise<DatasetReport> {
  const options = openOptions(loadConfig(config, { onNotice }));
  const report = await checkDataset({
    ...options,
    signal,
    onProgress: ({ done, total }) => onProgress?.({ phase: 'load', done, total }),
  });
  const noFolder = report.problems.find(({ code }) => code === 'no-folder');
  if (noFolder) throw new UserError(`${noFolder.message}; ${noFolder.remedy}`);
  return report;
}
