import { type Dataset, openDataset } from '@ddad/datasets';
import type { Config } from '../config/schema.js';
import { asUserError } from '../user-error.js';

/**
 * The index of the configuration's data set.
 *
 * @throws {UserError} missing folder or category, no images
 */
export function openData({ data, seed }: Config): Promise<Dataset> {
  return asUserError(() =>
    openDataset({
      kind: data.kind,
      root: data.root,
      category: data.category ?? undefined,
      test: data.test ?? undefined,
      masks: data.masks ?? undefined,
      seed,
    }),
  );
}
