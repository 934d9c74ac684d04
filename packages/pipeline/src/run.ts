import { checkOptions, taskKeys, UserError } from '@ddad/detector';
import { type AdaptOptions, adaptIn } from './adapt.js';
import { checkpointFolder, resultsFolder } from './checkpoint/folders.js';
import { readManifest } from './checkpoint/manifest-file.js';
import { type Workspace, withWorkspace } from './checkpoint/workspace.js';
import { loadConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { evaluateIn } from './evaluate.js';
import type { Report } from './evaluation/report.js';
import { finishedRun } from './finished-run.js';
import { checkWritable } from './io/write-atomic.js';
import { memorizeIn } from './memorize.js';
import { reportUntestedIn } from './report-untested.js';
import { type TrainOptions, trainIn } from './train.js';
import { type TuneResult, tune } from './tune.js';

export interface RunOptions extends TrainOptions, AdaptOptions {
  /** Ends after the first stage: a detector that works by its memory of good images alone. @default false */
  instant?: boolean;
  /** Before the test images are judged, {@link tune} chooses how the detector reconstructs and scores. @default false */
  tune?: boolean;
  /** Told what the tuning has found. */
  onTuned?: (result: TuneResult) => void;
}

/**
 * A detector from a data set, in two stages: `memorize`, where the configuration has a memory, after which the
 * checkpoint folder holds a detector that works; then `train` and `adapt`, which make it better. At the end `evaluate`. With
 * `resume` the first two continue where they stopped, with `overwrite` the training begins anew, whatever the folder holds. A
 * finished run of the same configuration and images does nothing, says so in a notice and returns its report. Without test
 * images there are no metrics, but a detector.
 *
 * @throws as each of them
 */
export async function run(config: ConfigInput | string, options: RunOptions = {}): Promise<Report> {
  checkOptions('run', options, {
    ...taskKeys,
    ...{ backbone: true, resume: true, overwrite: true, instant: true, tune: true, onTuned: true },
  });
  const began = performance.now();
  // what an extractor of one's own has learnt is in no configuration
  if (!options.overwrite && !options.backbone) {
    const { instant, tune: tunes } = options;
    const finished = await finishedRun(config, { instant, tune: tunes });
    if (finished) {
      options.onNotice?.(
        `nothing to do: this run is finished${tunes ? ' and tuned' : ''}, and no image is newer (option overwrite begins anew)`,
      );
      return finished;
    }
    const untuned = tunes ? await finishedRun(config, { instant }) : undefined;
    if (untuned) return tuned(checkpointFolder(untuned.config), { options, began });
  }
  const resolved = loadConfig(config, { onNotice: options.onNotice });
  const report = await withWorkspace(resolved, options, async (workspace) => {
    // What only a later step needs, looked at before the training.
    await workspace.dataset();
    await checkWritable(resultsFolder(workspace.config));
    await workspace.engine();
    await workspace.prepareBackbone();

    const { memory } = workspace.config;
    if (memory.vectors > 0) await firstStage(workspace, options);
    else if (options.instant) {
      throw new UserError('option instant: needs memory.vectors > 0, got 0', {
        code: 'option',
        remedy: 'preset auto has a memory',
      });
    }
    if (!options.instant) {
      await trainIn(workspace, options);
      await adaptIn(workspace, options);
    }
    return options.tune ? undefined : judged(workspace, began);
  });
  return report ?? tuned(checkpointFolder(resolved), { options, began });
}

async function judged(workspace: Workspace, began: number): Promise<Report> {
  const { test } = await workspace.dataset();
  const report = test.length ? await evaluateIn(workspace) : await reportUntestedIn(workspace);
  return { ...report, seconds: (performance.now() - began) / 1000 };
}

/** The report of the detector in `folder` after a tuning. */
async function tuned(
  folder: string,
  { options, began }: { options: RunOptions; began: number },
): Promise<Report> {
  const { onProgress, onNotice, signal, backbone } = options;
  const task = { onProgress, onNotice, signal, backbone };
  const { engine } = (await readManifest(folder)).config;
  const result = await tune(folder, { ...task, engine });
  options.onTuned?.(result);
  const config = loadConfig(result.config);
  return withWorkspace(config, { ...task, resume: true }, (workspace) => judged(workspace, began));
}

async function firstStage(workspace: Workspace, { instant, ...options }: RunOptions): Promise<void> {
  await memorizeIn(workspace, {
    ...options,
    onReady: ({ manifest, seconds }) => {
      options.onNotice?.(
        `first detector ready after ${Math.round(seconds)} s: the one in ${workspace.folder} judges images from now on, ` +
          `by its memory of good ones (threshold ${manifest.threshold?.value.toPrecision(4) ?? 'not set'})` +
          (instant ? '' : '; the training that follows is to make it better'),
      );
    },
  });
}
