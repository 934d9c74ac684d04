import { join } from 'node:path';
import type { Dataset } from '@ddad/datasets';
import type { UNet } from '@ddad/diffusion';
import type { Backbone } from '@ddad/features';
import { loadNetworks } from './checkpoint/assemble.js';
import { ensureManifest } from './checkpoint/ensure-manifest.js';
import { checkpointFolder, resultsFolder } from './checkpoint/folders.js';
import { type Manifest, writeManifest } from './checkpoint/manifest.js';
import { loadConfig } from './config/load-config.js';
import type { Config, ConfigInput } from './config/schema.js';
import { openData } from './data/open-data.js';
import { startEngine } from './engine.js';
import { chooseThreshold } from './evaluation/choose-threshold.js';
import { type EvaluatedTestSet, evaluateTestSet } from './evaluation/evaluate-test-set.js';
import { verdicts } from './evaluation/measure.js';
import type { Report } from './evaluation/report.js';
import { writeIndex } from './evaluation/write-index.js';
import { writeResults } from './evaluation/write-results.js';
import { checkWritable } from './io/write-atomic.js';
import type { BackboneOptions } from './model/build-backbone.js';
import { createScorer, type Scorer } from './model/scorer.js';
import type { RunOptions } from './progress.js';
import { type Curves, readTrainingLog } from './training-log.js';

export type EvaluateOptions = RunOptions & BackboneOptions;

/**
 * Scores the test images of a trained and adapted detector, measures the scores and writes `metrics.json`,
 * `scores.csv`, `maps/` and `report.html`. What the test set does not allow, for want of labels or masks, is
 * left out and named. Beside the results of other categories of the data set `index.html` shows all.
 *
 * @throws {UserError} missing data or checkpoints, an engine that is not installed, an unwritable folder
 */
export async function evaluate(config: ConfigInput | string, options: EvaluateOptions = {}): Promise<Report> {
  return withEvaluation(loadConfig(config, options), options, async ({ report, test, curves }) => {
    await writeResults({ report, test, curves });
    await writeIndex(report);
    return report;
  });
}

/** An evaluation with everything it came from still in memory. */
export interface Evaluation {
  config: Config;
  dataset: Dataset;
  test: EvaluatedTestSet;
  manifest: Manifest;
  unet: UNet;
  backbone: Backbone;
  scorer: Scorer;
  report: Report;
  curves: Curves;
}

/** Evaluates, hands over what came of it, and releases the networks. */
export async function withEvaluation<T>(
  config: Config,
  { backbone: make, ...run }: EvaluateOptions,
  use: (evaluation: Evaluation) => Promise<T>,
): Promise<T> {
  const began = performance.now();
  const folder = checkpointFolder(config);
  const results = resultsFolder(config);
  const dataset = await openData(config);
  await checkWritable(results);
  const engine = await startEngine(config, run);
  const loaded = await loadNetworks(folder, config, { backbone: make, ...run });
  const { network: unet, file: unetFile } = loaded.unet;
  const { network: backbone, file: featuresFile } = loaded.backbone;
  const scorer = createScorer(config, { unet, backbone, engine });
  try {
    const files = { unet: unetFile, features: featuresFile };
    const base = { ...run, ...files, config, scorer, dataset };
    let manifest = await ensureManifest(folder, base);
    const test = await evaluateTestSet(dataset, {
      ...run,
      config,
      scorer,
      calibration: manifest.calibration,
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
      confusion: verdicts(scores, threshold.value),
      images: test.store.samples.map(({ id, label, defect }, i) => {
        const { score } = test.scored[i];
        return { id, label, defect, score, isAnomalous: score >= threshold.value };
      }),
      files: resultFiles(results, config.output.report),
      seconds: (performance.now() - began) / 1000,
      config,
    };
    const curves = await readTrainingLog(folder);
    return await use({ config, dataset, test, manifest, unet, backbone, scorer, report, curves });
  } finally {
    scorer.dispose();
    unet.dispose();
    backbone.dispose?.();
  }
}

function resultFiles(folder: string, withPages: boolean): Report['files'] {
  const files = { metrics: join(folder, 'metrics.json'), scores: join(folder, 'scores.csv') };
  return withPages ? { ...files, report: join(folder, 'report.html'), maps: join(folder, 'maps') } : files;
}
