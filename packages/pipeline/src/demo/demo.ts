import { join } from 'node:path';
import { type LoadImagesOptions, loadImages } from '@ddad/datasets';
import { adapt } from '../adapt.js';
import { type Baselines, compareBaselines } from '../baselines/compare-baselines.js';
import { allImages, loadImages as loadGood } from '../data/load-images.js';
import { startEngine } from '../engine.js';
import { type Evaluation, withEvaluation } from '../evaluate.js';
import type { Report } from '../evaluation/report.js';
import { writeResults } from '../evaluation/write-results.js';
import type { RunOptions } from '../progress.js';
import { synthesize } from '../synthesize.js';
import { train } from '../train.js';
import { type DemoConfigOptions, demoConfig } from './demo-config.js';
import { demoSettings } from './demo-settings.js';
import { repairRatio } from './repair.js';

export type DemoOptions = DemoConfigOptions & RunOptions;

/** A report, and how DDAD compares. */
export interface DemoResult extends Report {
  baselines: Baselines;
  /** Inside the masks: the reconstructions' mean error to the clean originals over the inputs'. */
  repair: number;
}

/**
 * Makes a synthetic data set, trains, adapts and evaluates on it, and runs two baselines on the same images.
 * What it does is in `demo-settings.ts`. An earlier demo in the same folder is replaced.
 */
export async function demo(options: DemoOptions = {}): Promise<DemoResult> {
  const began = performance.now();
  const config = demoConfig(options);
  const { synthetic } = demoSettings;
  await startEngine(config, options);
  await synthesize({ ...synthetic, out: config.data.root }, options);
  await train(config, { ...options, overwrite: true });
  await adapt(config, options);
  return withEvaluation(config, options, async (evaluation) => {
    const { dataset, backbone, test, report, curves } = evaluation;
    const good = allImages(await loadGood(dataset.train, config));
    const baselines = await compareBaselines(test, { ...options, config, backbone, good });
    const repair = await repairOf(evaluation);
    await writeResults({
      report,
      test,
      baselines,
      curves,
      notes: [
        `Inside the masks the reconstruction is ${(100 * repair).toFixed(0)} % as far from the clean original as the input is.`,
      ],
    });
    return { ...report, baselines, repair, seconds: (performance.now() - began) / 1000 };
  });
}

/** The repair ratio of the anomalous test images, whose clean originals lie in `clean/`. */
async function repairOf({ config, test }: Evaluation): Promise<number> {
  const { imageSize, channels, fit, root, category } = config.data;
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
      reconstruction: test.distances[i].reconstruction,
      clean: clean.get(k),
      mask: test.masks[i]!,
    })),
  );
}
