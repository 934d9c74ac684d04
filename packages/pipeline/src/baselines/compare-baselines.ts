import type { TaskOptions } from '@ddad/detector';
import type { Backbone } from '@ddad/features';
import type { Config } from '../config/schema.js';
import { measureScored } from '../evaluation/evaluate-test-set.js';
import type { EvaluatedTestSet } from '../evaluation/evaluated-test-set.js';
import type { Baselines } from './baselines.js';
import { blurMaps } from './blur-maps.js';
import { nearestFeatureMaps } from './nearest-features.js';
import { pixelStatistics } from './pixel-statistics.js';
import { zScoreMap } from './z-score-map.js';

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
