import { join } from 'node:path';
import type { TaskOptions } from '@ddad/detector';
import { loadConfig } from '../config/load-config.js';
import type { Config, ConfigInput } from '../config/schema.js';
import type { Release } from '../published/releases.js';
import { cellFiles, cellFolder } from './cell-folder.js';
import type { Cell } from './shard.js';

/** What the configuration of every run is made from. */
export interface Recipe {
  source: string | ConfigInput;
  overrides: readonly string[];
  release: Release;
}

/** Whether the data sets of a kind have categories. */
export const hasCategories = (kind: Config['data']['kind']): boolean =>
  !['folder', 'list', 'mtd'].includes(kind);

/** The configuration for a category; without one, of a data set that has none. */
export function categoryConfig(
  { source, overrides, release }: Recipe,
  category: string | null,
  { onNotice }: Pick<TaskOptions, 'onNotice'> = {},
): Config {
  return loadConfig(typeof source === 'string' ? source : { preset: 'reference', ...source }, {
    overrides: [...overrides, ...(category === null ? [] : [`data.category=${JSON.stringify(category)}`])],
    release,
    onNotice,
  });
}

/** The configuration of a run, whose files all lie in its own folder. */
export function cellConfig(config: Config, cell: Cell, out: string): Config {
  const at = (name: string) => join(cellFolder(out, cell), name);
  const { checkpoints, results } = cellFiles;
  return {
    ...config,
    seed: cell.seed,
    output: { ...config.output, checkpoints: at(checkpoints), results: at(results) },
  };
}
