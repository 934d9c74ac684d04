import { stringify } from 'yaml';
import type { Config } from './schema.js';

/** A configuration as YAML that `loadConfig` reads back. */
export function formatConfig(config: Config): string {
  return stringify(config);
}
