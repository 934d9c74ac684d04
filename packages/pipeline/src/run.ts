import { type AdaptOptions, adapt } from './adapt.js';
import { loadConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { evaluate } from './evaluate.js';
import type { Report } from './evaluation/report.js';
import { train } from './train.js';

/**
 * `train`, `adapt` and `evaluate` in a row; with `resume` the first two continue where they stopped.
 *
 * @throws as each of them
 */
export async function run(config: ConfigInput | string, options: AdaptOptions = {}): Promise<Report> {
  const resolved = loadConfig(config, options);
  await train(resolved, options);
  await adapt(resolved, options);
  return evaluate(resolved, options);
}
