import { type Dataset, type OpenDatasetOptions, openDataset } from '@ddad/datasets';
import { asUserError } from '@ddad/detector';
import type { Config } from '../config/schema.js';

/** The configuration's data set in `openDataset`'s terms. */
export function openOptions({ data, seed }: Config): OpenDatasetOptions {
  const { kind, root, category, test, masks } = data;
  return {
    kind,
    root,
    category: category ?? undefined,
    test: test ?? undefined,
    masks: masks ?? undefined,
    seed,
  };
}

/**
 * The index of the configuration's data set.
 *
 * @throws {UserError} missing folder or category, no images
 */
export function openData(config: Config): Promise<Dataset> {
  return asUserError(() => openDataset(openOptions(config)), { code: 'data' });
}
