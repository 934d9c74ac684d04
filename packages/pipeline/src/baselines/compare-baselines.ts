import type { TaskOptions } from '@ddad/detector';
import type { Backbone } from '@ddad/features';
import type { Config } from '../config/schema.js';
import { type EvaluatedTestSet, measureScored } from '../evaluation/evaluate-test-set.js';
import type { Metrics } from '../evaluation/measure.js';
import { blurMaps } from './blur-maps.js';
import { nearestFeatureMaps } from './nearest-features.js';
import { pixelStatistics, zScoreMap } from './pixel-statistics.js';

/** What simpler methods reach on the same test set, blurred and scored alike. */
export interface Baselines {
  /** |x - mean| / standard deviation per pixel of the good training images. */
  pixelStatistics: Metrics;
  /** The same features without diffusion: distance to the nearest good training image's. */
  nearestFeatures: Metrics;
}

/** The names that people read. */
export const baselineNames: Record<keyof Baselines, string> = {
  pixelStatistics: 'Pixel mean and variance',
  nearestFeatures: 'Features, nearest good image',
};

/**
 * Runs the two baselines on an evaluated test set.
 *
 * @param options.good good training images, resized interleaved bytes
 */
export async function compareBaselines(
  test: EvaluatedTestSet,
  {
    config,
    backbone,
    good,
    ...run
  }: TaskOptions & { config: Config; backbone: Backbone; good: readonly Uint8Array[] },
): Promise<Baselines> {
  const metricsOf = async (maps: Float32Array[]) =>
    measureScored(test.store.samples, { scored: await blurMaps(maps, config), masks: test.masks, config })
      .metrics;
  const statistics = pixelStatistics(good);
  const pixel = test.images.map((image) => zScoreMap(image, statistics, { channels: config.data.channels }));
  const nearest = await nearestFeatureMaps(test.images, { backbone, good, config, ...run });
  return { pixelStatistics: await metricsOf(pixel), nearestFeatures: await metricsOf(nearest) };
}
