import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LoadImagesOptions, loadImages } from '@ddad/datasets';
import { checkOptions, startEngineFor, type TaskOptions, taskKeys, UserError } from '@ddad/detector';
import { adaptIn } from './adapt.js';
import { type Baselines, baselineNames } from './baselines/baselines.js';
import { compareBaselines } from './baselines/compare-baselines.js';
import { metricsOfTerms, type TermMetrics, termNames } from './baselines/metrics-of-terms.js';
import { withWorkspace } from './checkpoint/workspace.js';
import type { Config } from './config/schema.js';
import type { ImagePlace } from './data/image-place.js';
import type { TrainingImages } from './data/training-images.js';
import { type DemoConfigOptions, demoConfig } from './demo/demo-config.js';
import { demoSettings } from './demo/demo-settings.js';
import { describeRepair, repairRatio } from './demo/repair.js';
import { measureIn } from './evaluate.js';
import type { EvaluatedTestSet } from './evaluation/evaluated-test-set.js';
import type { Report } from './evaluation/report.js';
import { writeResults } from './evaluation/write-results.js';
import { synthesize } from './synthesize.js';
import { trainIn } from './train.js';

export type DemoOptions = DemoConfigOptions & TaskOptions;

/** A report, and how DDAD compares. */
export interface DemoResult extends Report {
  baselines: Baselines;
  /** What the terms of the score reach apart. */
  terms: TermMetrics;
  /** Inside the masks: the reconstructions' mean error to the clean originals over the inputs'. */
  repair: number;
}

/**
 * Makes a synthetic data set, trains, adapts and evaluates on it, and runs two baselines on the same images.
 * What it does is in `demo/demo-settings.ts`. An earlier demo in the same folder is replaced.
 */
export async function demo(options: DemoOptions = {}): Promise<DemoResult> {
  checkOptions('demo', options, { ...taskKeys, out: true, overrides: true });
  const began = performance.now();
  const { out, overrides, ...task } = options;
  const config = demoConfig({ out, overrides });
  await refuseOthers(out ?? 'ddad-demo', config);
  await startEngineFor(config, task);
  await synthesize({ ...demoSettings.synthetic, out: config.data.root }, task);
  return withWorkspace(config, task, async (workspace) => {
    await trainIn(workspace, { ...task, overwrite: true });
    await adaptIn(workspace, task);
    const { networks, scorer, manifest, test, report, curves } = await measureIn(workspace);
    const good = goodImages(await workspace.images());
    const baselines = await compareBaselines(test, { ...task, config, backbone: networks.backbone, good });
    const terms = await metricsOfTerms(test, { config, scorer, calibration: manifest.calibration! });
    const repair = await repairOf(test, config);
    await writeResults({
      report,
      test,
      baselines: {
        [termNames.memory]: terms.memory,
        [termNames.ddad]: terms.ddad,
        [baselineNames.pixelStatistics]: baselines.pixelStatistics,
        [baselineNames.nearestFeatures]: baselines.nearestFeatures,
      },
      curves,
      calibrationScores: manifest.calibration?.scores,
      notes: [describeRepair(repair)],
    });
    return { ...report, baselines, terms, repair, seconds: (performance.now() - began) / 1000 };
  });
}

/** All good images, trained on and held back, by their paths. */
function goodImages({ training, trainingPlaces, calibration, calibrationPlaces, shared }: TrainingImages) {
  const of = (images: Uint8Array[], places: readonly ImagePlace[]) =>
    images.map((image, i) => ({ image, path: places[i].path }));
  const all = [...of(training, trainingPlaces), ...(shared ? [] : of(calibration, calibrationPlaces))];
  return all.sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ image }) => image);
}

/** The repair ratio of the anomalous test images, whose clean originals lie in `clean/`. */
async function repairOf(test: EvaluatedTestSet, { data }: Config): Promise<number> {
  const { imageSize, channels, fit, root, category } = data;
  const anomalous = test.store.samples
    .map((sample, i) => ({ sample, i }))
    .filter(({ sample }) => sample.label === 1);
  const originals = anomalous.map(({ sample }) => ({
    imagePath: join(root, category ?? '', 'clean', ...sample.id.split('/').slice(-2)),
  }));
  const options: LoadImagesOptions = { size: [imageSize, imageSize], channels, fit };
  const clean = await loadImages(originals, options);
  return repairRatio(
    anomalous.map(({ i }, k) => ({
      input: test.images[i],
      reconstruction: test.distances[i].reconstruction!,
      clean: clean.get(k),
      mask: test.masks[i]!,
    })),
  );
}

/** What a demo writes into its folder. */
const own = ['data', 'checkpoints', 'maps', 'report.html', 'metrics.json', 'scores.csv', 'index.html'];

/** Ends where the folder of the demo holds what no demo has made. */
async function refuseOthers(out: string, { data }: Config): Promise<void> {
  if (existsSync(join(data.root, data.category ?? '', 'synthetic.json'))) return;
  const names = await readdir(out).catch(() => []);
  const other = names.find((name) => !name.startsWith('.') && !own.includes(name));
  if (other === undefined) return;
  throw new UserError(`the demo does not write into ${out}, which holds something else (${other})`, {
    code: 'output',
    remedy: 'give a folder that is new or empty by option out',
  });
}
