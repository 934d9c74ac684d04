import { normalize } from 'node:path';
import type { Config } from '../config/schema.js';

/** Folder of the checkpoints of a configuration. */
export function checkpointFolder(config: Config): string {
  return fill(config.output.checkpoints, config);
}

/** Folder of the report of a configuration. */
export function resultsFolder(config: Config): string {
  return fill(config.output.results, config);
}

function fill(template: string, { data }: Config): string {
  const path = template.replaceAll('{dataset}', data.name).replaceAll('{category}', data.category ?? '');
  return normalize(path).replace(/(.)[/\\]+$/, '$1');
}
