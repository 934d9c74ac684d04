import { type Dataset, describeIgnored, type OpenDatasetOptions, openDataset } from '@ddad/datasets';
import { asUserError, type TaskOptions } from '@ddad/detector';
import type { Config } from '../config/schema.js';
import { archiveFolder } from './archive-folder.js';

/** The configuration's data set in `openDataset`'s terms. */
export function openOptions({ data, seed }: Config): OpenDatasetOptions {
  const { kind, root, category, test, masks } = data;
  return {
    kind,
    root: archiveFolder(root),
    category: category ?? undefined,
    test: test ?? undefined,
    masks: masks ?? undefined,
    seed,
  };
}

/**
 * The index of the configuration's data set. Files of formats that are not read are named.
 *
 * @throws {UserError} missing folder or category, no images, masks or folders that may be meant in two ways
 */
export async function openData(
  config: Config,
  { onNotice }: Pick<TaskOptions, 'onNotice'> = {},
): Promise<Dataset> {
  const dataset = await asUserError(() => openDataset(openOptions(config)), { code: 'data' });
  if (dataset.ignored.length > 0) {
    onNotice?.(`not read, since of other formats: ${describeIgnored(dataset.ignored)}`);
  }
  return dataset;
}
