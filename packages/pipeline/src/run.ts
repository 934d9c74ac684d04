import { type AdaptOptions, adaptIn } from './adapt.js';
import { resultsFolder } from './checkpoint/folders.js';
import { withWorkspace } from './checkpoint/workspace.js';
import { loadConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { evaluateIn } from './evaluate.js';
import type { Report } from './evaluation/report.js';
import { checkWritable } from './io/write-atomic.js';
import { reportUntestedIn } from './report-untested.js';
import { type TrainOptions, trainIn } from './train.js';

export type RunOptions = TrainOptions & AdaptOptions;

/**
 * `train`, `adapt` and `evaluate` in a row; with `resume` the first two continue where they stopped, with `overwrite`
 * the training begins anew, whatever the folder holds. Without test images there are no metrics, but a detector.
 *
 * @throws as each of them
 */
export async function run(config: ConfigInput | string, options: RunOptions = {}): Promise<Report> {
  const began = performance.now();
  return withWorkspace(loadConfig(config, options), options, async (workspace) => {
    // What only a later step needs, looked at before the training.
    const dataset = await workspace.dataset();
    await checkWritable(resultsFolder(workspace.config));
    await workspace.engine();
    await workspace.prepareBackbone();

    await trainIn(workspace, options);
    await adaptIn(workspace, options);
    const report = dataset.test.length ? await evaluateIn(workspace) : await reportUntestedIn(workspace);
    return { ...report, seconds: (performance.now() - began) / 1000 };
  });
}
