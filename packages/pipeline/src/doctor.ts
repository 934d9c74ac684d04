import { checkDataset, type DatasetReport } from '@ddad/datasets';
import { checkOptions, interruptible, type TaskOptions, taskKeys, UserError } from '@ddad/detector';
import { loadConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { openOptions } from './data/open-data.js';

/**
 * Looks at every file of the configuration's data set and reports what is wrong and what to do about it.
 *
 * @throws {UserError} there is no folder `data.root`
 * @throws {InterruptedError} `signal` was fired
 */
export async function doctor(config: ConfigInput, task: TaskOptions = {}): Promise<DatasetReport> {
  checkOptions('doctor', task, taskKeys);
  const { onProgress, onNotice, signal } = task;
  const resolved = loadConfig(config, { onNotice });
  const check = () =>
    checkDataset({
      ...openOptions(resolved),
      window: resolved.data.window ?? undefined,
      signal,
      onProgress: ({ done, total }) => onProgress?.({ phase: 'load', done, total }),
    });
  const report = await interruptible(check, { signal, doing: 'checking the data set' });
  const noFolder = report.problems.find(({ code }) => code === 'no-folder');
  if (noFolder) throw new UserError(noFolder.message, { code: 'data', remedy: noFolder.remedy });
  return report;
}
