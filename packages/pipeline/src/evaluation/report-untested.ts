import { join } from 'node:path';
import type { Dataset } from '@ddad/datasets';
import { calibrateDetector } from '../calibrate-detector.js';
import { checkpointFolder, resultsFolder } from '../checkpoint/folders.js';
import { readManifest } from '../checkpoint/manifest.js';
import type { Config } from '../config/schema.js';
import { startEngine } from '../engine.js';
import type { EvaluateOptions } from '../evaluate.js';
import type { Report } from './report.js';
import { writeResults } from './write-results.js';

/**
 * The report of a data set without test images: the detector and its threshold, no metrics. Where the configuration
 * takes the threshold from labels, it is calibrated with good images.
 */
export async function reportUntested(
  dataset: Dataset,
  config: Config,
  options: EvaluateOptions,
): Promise<Report> {
  const began = performance.now();
  const folder = checkpointFolder(config);
  const results = resultsFolder(config);
  const engine = await startEngine(config, options);
  let { threshold } = await readManifest(folder);
  if (!threshold) {
    const { threshold: value } = await calibrateDetector(folder, {
      ...options,
      engine,
      threads: config.threads ?? undefined,
    });
    threshold = { value, from: 'calibrated' };
  }
  const { name, category, root } = config.data;
  const report: Report = {
    dataset: { name, category, train: dataset.train.length, test: 0 },
    engine,
    metrics: {},
    notReported: [
      `metrics: there are no test images in ${root}; \`ddad detect --checkpoint ${folder} <image>\` scores images`,
    ],
    threshold: threshold.value,
    thresholdFrom: threshold.from,
    images: [],
    files: { metrics: join(results, 'metrics.json'), scores: join(results, 'scores.csv') },
    seconds: (performance.now() - began) / 1000,
    config,
  };
  await writeResults({ report });
  return report;
}
