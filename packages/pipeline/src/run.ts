import type { Dataset } from '@ddad/datasets';
import { type AdaptOptions, adapt } from './adapt.js';
import { resultsFolder } from './checkpoint/folders.js';
import { loadConfig } from './config/load-config.js';
import type { Config, ConfigInput } from './config/schema.js';
import { openData } from './data/open-data.js';
import { startEngine } from './engine.js';
import { evaluate } from './evaluate.js';
import type { Report } from './evaluation/report.js';
import { reportUntested } from './evaluation/report-untested.js';
import { checkWritable } from './io/write-atomic.js';
import { buildBackbone } from './model/build-backbone.js';
import { type TrainOptions, train } from './train.js';

export type RunAllOptions = TrainOptions & AdaptOptions;

/**
 * `train`, `adapt` and `evaluate` in a row; with `resume` the first two continue where they stopped, with `overwrite`
 * the training begins anew, whatever the folder holds. Without test images there are no metrics, but a detector.
 *
 * @throws as each of them
 */
export async function run(config: ConfigInput | string, options: RunAllOptions = {}): Promise<Report> {
  const began = performance.now();
  const resolved = loadConfig(config, options);
  const dataset = await checkAhead(resolved, options);
  await train(resolved, options);
  await adapt(resolved, options);
  const report = dataset.test.length
    ? await evaluate(resolved, options)
    : await reportUntested(dataset, resolved, options);
  return { ...report, seconds: (performance.now() - began) / 1000 };
}

/** What only a later step needs, looked at before the training: data, the results' folder, the extractor's weights. */
async function checkAhead(config: Config, options: AdaptOptions): Promise<Dataset> {
  const dataset = await openData(config);
  await checkWritable(resultsFolder(config));
  await startEngine(config, options);
  (await buildBackbone(config, options)).dispose?.();
  return dataset;
}
