import type { Sample } from '@ddad/datasets';
import { normalizationOf, type ScoredMap, type Scorer, type TaskOptions } from '@ddad/detector';
import type { Manifest } from '../checkpoint/manifest-file.js';
import type { Config } from '../config/schema.js';
import { allImages, loadImages } from '../data/load-images.js';
import { regionMasks } from '../data/region-masks.js';

/** An image with its map. */
export interface ScoredSample extends ScoredMap {
  sample: Sample;
}

/**
 * Scores images `scoring.batchSize` at a time, so that any number of them fits into memory: those that decode, in their
 * order.
 */
export async function* scoredBatches(
  samples: readonly Sample[],
  {
    config,
    scorer,
    manifest,
    onProgress,
    ...task
  }: TaskOptions & {
    config: Config;
    scorer: Scorer;
    manifest: Pick<Manifest, 'config' | 'calibration' | 'regionOfInterest'>;
  },
): AsyncGenerator<ScoredSample> {
  const { batchSize } = config.scoring;
  const { calibration } = manifest;
  for (let at = 0; at < samples.length; at += batchSize) {
    const store = await loadImages(samples.slice(at, at + batchSize), config, task);
    const paths = store.samples.map(({ imagePath }) => imagePath);
    const distances = await scorer.distances(allImages(store), {
      ...task,
      phase: 'evaluate',
      onProgress: ({ done }) => onProgress?.({ phase: 'evaluate', done: at + done, total: samples.length }),
      change: calibration?.change ?? 0,
      masks: await regionMasks(manifest, paths),
    });
    const maps = await scorer.maps(distances, normalizationOf(config, calibration));
    for (const [i, sample] of store.samples.entries()) yield { sample, ...maps[i] };
  }
}
