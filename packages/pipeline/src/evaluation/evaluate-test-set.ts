import type { Dataset, Sample } from '@ddad/datasets';
import {
  centreBox,
  cropTo,
  isForeign,
  normalizationOf,
  type ScoredMap,
  type Scorer,
  type TaskOptions,
  UserError,
} from '@ddad/detector';
import type { Manifest } from '../checkpoint/manifest-file.js';
import type { Config } from '../config/schema.js';
import { allImages, loadImages } from '../data/load-images.js';
import { loadMasks } from '../data/load-masks.js';
import { regionMasks } from '../data/region-masks.js';
import { evaluateInTiles } from './evaluate-in-tiles.js';
import type { EvaluatedTestSet } from './evaluated-test-set.js';
import { goodPixels } from './good-pixels.js';
import { type Measured, measure } from './measure.js';

/**
 * Scores the test images and measures the scores.
 *
 * @throws {UserError} there are no test images
 */
export async function evaluateTestSet(
  dataset: Dataset,
  {
    config,
    scorer,
    manifest,
    ...run
  }: TaskOptions & {
    config: Config;
    scorer: Scorer;
    manifest: Pick<Manifest, 'config' | 'calibration' | 'regionOfInterest'>;
  },
): Promise<EvaluatedTestSet> {
  if (!dataset.test.length) {
    throw new UserError(
      `no test images in ${config.data.root}${config.data.category ? `, category ${config.data.category}` : ''}`,
      { code: 'data', remedy: '`detectFiles` scores images without labels' },
    );
  }
  if (config.data.tiles !== null) {
    const test = await evaluateInTiles(dataset.test, { ...run, config, scorer, manifest });
    const pixelThreshold = await goodPixels(dataset, { ...run, config, scorer, manifest });
    const measured = measureScored(test.store.samples, { ...test, config, pixelThreshold });
    return { ...test, pixelThreshold, measured };
  }
  const store = await loadImages(dataset.test, config, run);
  const images = allImages(store);
  const { calibration } = manifest;
  const masks = await loadMasks(store.samples, config);
  const distances = await scorer.distances(images, {
    ...run,
    phase: 'evaluate',
    change: calibration?.change ?? 0,
    masks: await regionMasks(
      manifest,
      store.samples.map(({ imagePath }) => imagePath),
    ),
  });
  const scored = await scorer.maps(distances, normalizationOf(config, calibration));
  const { imageSize: side } = config.data;
  const pixelThreshold = await goodPixels(dataset, { ...run, config, scorer, manifest });
  return {
    ...{ store, images, masks, distances, scored, pixelThreshold },
    sizes: images.map(() => ({ width: side, height: side })),
    foreign: distances.map((each) => isForeign(each, calibration)),
    measured: measureScored(store.samples, { scored, masks, config, pixelThreshold }),
  };
}

/** Metrics of scored maps within the part of the image that counts. */
export function measureScored(
  samples: readonly Sample[],
  {
    scored,
    masks,
    config,
    sizes,
    pixelThreshold,
  }: {
    scored: readonly ScoredMap[];
    masks: readonly (Uint8Array | undefined)[];
    config: Config;
    /** Of pictures that were cut into tiles. */
    sizes?: EvaluatedTestSet['sizes'];
    pixelThreshold?: number;
  },
): Measured {
  const side = config.data.imageSize;
  const box = centreBox(side, config.scoring.crop);
  const images = samples.map(({ label }, i) => {
    const mask = masks[i];
    if (sizes) {
      const { width, height } = sizes[i];
      return { label, ...scored[i], mask, shape: [height, width] as const };
    }
    return {
      label,
      score: scored[i].score,
      map: cropTo(scored[i].map, side, box),
      mask: mask && cropTo(mask, side, box),
    };
  });
  return measure(images, {
    shape: [box.height, box.width],
    referencePro: config.scoring.referencePro,
    pixelThreshold,
    seed: config.seed,
  });
}
