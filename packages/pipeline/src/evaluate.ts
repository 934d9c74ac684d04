import { join } from 'node:path';
import {
  type BackboneOptions,
  checkOptions,
  type Networks,
  type Scorer,
  type TaskOptions,
  taskKeys,
} from '@ddad/detector';
import { ensureManifest } from './checkpoint/ensure-manifest.js';
import { resultsFolder } from './checkpoint/folders.js';
import { type Manifest, writeManifest } from './checkpoint/manifest-file.js';
import { type Workspace, withWorkspace } from './checkpoint/workspace.js';
import { loadConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { chooseThreshold } from './evaluation/choose-threshold.js';
import { evaluateTestSet } from './evaluation/evaluate-test-set.js';
import type { EvaluatedTestSet } from './evaluation/evaluated-test-set.js';
import { verdicts } from './evaluation/measure.js';
import type { Report } from './evaluation/report.js';
import { thresholdCertainty } from './evaluation/threshold-certainty.js';
import { writeIndex } from './evaluation/write-index.js';
import { writeResults } from './evaluation/write-results.js';
import { checkSubmittable, writeSubmission } from './evaluation/write-submission.js';
import { checkWritable } from './io/write-atomic.js';
import type { Curves } from './training/curves.js';
import { readTrainingLog } from './training/read-training-log.js';

export interface EvaluateOptions extends TaskOptions, BackboneOptions {
  /**
   * Of MVTec AD 2: folder for what its server judges, maps of the private test images and which of their pixels are defect.
   *
   * @default none
   */
  submission?: string;
}

/**
 * Scores the test images of a trained and adapted detector, measures the scores and writes `metrics.json`,
 * `scores.csv`, `maps/` and `report.html`. What the test set does not allow, for want of labels or masks, is
 * left out and named. Beside the results of other categories of the data set `index.html` shows all.
 *
 * @throws {UserError} missing data or checkpoints, an engine that is not installed, an unwritable folder
 */
export async function evaluate(config: ConfigInput | string, options: EvaluateOptions = {}): Promise<Report> {
  checkOptions('evaluate', options, { ...taskKeys, backbone: true, submission: true });
  const { submission, ...rest } = options;
  return withWorkspace(
    loadConfig(config, { onNotice: options.onNotice }),
    { ...rest, resume: true },
    (workspace) => evaluateIn(workspace, { submission }),
  );
}

/** {@link evaluate} in a workspace, with the networks that it keeps. */
export async function evaluateIn(
  workspace: Workspace,
  { submission }: Pick<EvaluateOptions, 'submission'> = {},
): Promise<Report> {
  const dataset = await workspace.dataset();
  if (submission !== undefined) {
    checkSubmittable(dataset, workspace.config);
    await checkWritable(submission);
  }
  const { report, test, manifest, curves, scorer } = await measureIn(workspace);
  if (submission !== undefined) {
    const { onProgress, onNotice, signal } = workspace.options;
    await writeSubmission(submission, {
      ...{ onProgress, onNotice, signal },
      ...{ dataset, config: workspace.config, scorer, manifest },
      threshold: test.pixelThreshold!,
    });
    report.files.submission = submission;
  }
  await writeResults({ report, test, curves, calibrationScores: manifest.calibration?.scores });
  await writeIndex(report);
  return report;
}

/** An evaluation with everything it came from still in memory. */
export interface Evaluation {
  test: EvaluatedTestSet;
  manifest: Manifest;
  /** The workspace's, as `scorer`. */
  networks: Networks;
  scorer: Scorer;
  report: Report;
  curves: Curves;
}

/** Scores and measures the test images, and brings the threshold of the manifest up to date; writes no results. */
export async function measureIn(workspace: Workspace): Promise<Evaluation> {
  const { config, folder } = workspace;
  const { onProgress, onNotice, signal } = workspace.options;
  const task = { onProgress, onNotice, signal };
  const began = performance.now();
  const results = resultsFolder(config);
  const dataset = await workspace.dataset();
  await checkWritable(results);
  const engine = await workspace.engine();
  const { networks, files, scorer } = await workspace.workbench(engine);
  await workspace.claim();
  const base = { ...task, config, files, scorer, images: () => workspace.images() };
  let manifest = await ensureManifest(folder, base);
  const test = await evaluateTestSet(dataset, {
    ...task,
    config,
    scorer,
    manifest,
  });
  const scores = test.store.samples.map(({ label }, i) => ({ label, score: test.scored[i].score }));
  let threshold = chooseThreshold(config, { calibration: manifest.calibration, images: scores });
  if (!threshold) {
    manifest = await ensureManifest(folder, { ...base, calibrate: true });
    threshold = chooseThreshold(config, { calibration: manifest.calibration, images: scores })!;
  }
  manifest = { ...manifest, threshold };
  await writeManifest(folder, manifest);

  const report: Report = {
    dataset: {
      name: config.data.name,
      category: config.data.category,
      train: dataset.train.length,
      test: test.store.samples.length,
    },
    engine,
    metrics: test.measured.metrics,
    imageAurocInterval: test.measured.imageAurocInterval,
    notReported: test.measured.notReported,
    threshold: threshold.value,
    thresholdFrom: threshold.from,
    ...(threshold.from === 'calibrated' && manifest.calibration
      ? { certainty: thresholdCertainty(manifest.calibration) }
      : {}),
    confusion: verdicts(scores, threshold.value),
    images: test.store.samples.map(({ id, label, defect }, i) => {
      const { score } = test.scored[i];
      const foreign = test.foreign[i];
      return {
        ...{ id, label, defect, score, isAnomalous: score >= threshold.value },
        ...(foreign !== undefined && { isForeign: foreign }),
      };
    }),
    files: resultFiles(results, config.output.report),
    seconds: (performance.now() - began) / 1000,
    config,
  };
  return { test, manifest, networks, scorer, report, curves: await readTrainingLog(folder) };
}

function resultFiles(folder: string, withPages: boolean): Report['files'] {
  const files = { metrics: join(folder, 'metrics.json'), scores: join(folder, 'scores.csv') };
  return withPages ? { ...files, report: join(folder, 'report.html'), maps: join(folder, 'maps') } : files;
}
