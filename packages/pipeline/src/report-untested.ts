import { join } from 'node:path';
import { resultsFolder } from './checkpoint/folders.js';
import { readManifest } from './checkpoint/manifest-file.js';
import { recalibrate } from './checkpoint/recalibrate.js';
import type { Workspace } from './checkpoint/workspace.js';
import type { Report } from './evaluation/report.js';
import { thresholdCertainty } from './evaluation/threshold-certainty.js';
import { writeResults } from './evaluation/write-results.js';

/**
 * The report of a data set without test images: the detector and its threshold, no metrics. Where the configuration
 * takes the threshold from labels, it is calibrated with good images.
 */
export async function reportUntestedIn(workspace: Workspace): Promise<Report> {
  const { config, folder } = workspace;
  const began = performance.now();
  const results = resultsFolder(config);
  const engine = await workspace.engine();
  let manifest = await readManifest(folder);
  if (!manifest.threshold) {
    const { scorer } = await workspace.workbench(engine);
    manifest = await recalibrate(folder, manifest, {
      ...workspace.options,
      ...(await workspace.images()),
      scorer,
    });
  }
  const threshold = manifest.threshold!;
  const { name, category, root } = config.data;
  const report: Report = {
    dataset: { name, category, train: (await workspace.dataset()).train.length, test: 0 },
    engine,
    metrics: {},
    notReported: [`metrics: there are no test images in ${root}; \`detectFiles\` scores images`],
    threshold: threshold.value,
    thresholdFrom: threshold.from,
    ...(threshold.from === 'calibrated' && manifest.calibration
      ? { certainty: thresholdCertainty(manifest.calibration) }
      : {}),
    images: [],
    files: { metrics: join(results, 'metrics.json'), scores: join(results, 'scores.csv') },
    seconds: (performance.now() - began) / 1000,
    config,
  };
  await writeResults({ report });
  return report;
}
