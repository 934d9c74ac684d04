import type { Dataset } from '@ddad/datasets';
import { centreBox, cropTo, type Scorer, type TaskOptions } from '@ddad/detector';
import { goodPixelThreshold } from '@ddad/metrics';
import type { Manifest } from '../checkpoint/manifest-file.js';
import type { Config } from '../config/schema.js';
import { evaluateInTiles } from './evaluate-in-tiles.js';
import { scoredBatches } from './scored-batches.js';

/**
 * The threshold of pixels that MVTec AD 2's protocol takes from its validation images; undefined of other data sets.
 */
export async function goodPixels(
  { kind, validation = [] }: Dataset,
  options: TaskOptions & {
    config: Config;
    scorer: Scorer;
    manifest: Pick<Manifest, 'config' | 'calibration' | 'regionOfInterest'>;
  },
): Promise<number | undefined> {
  if (kind !== 'mvtec2' || validation.length === 0) return undefined;
  const { imageSize, tiles } = options.config.data;
  if (tiles !== null) {
    const { scored } = await evaluateInTiles(validation, options);
    return goodPixelThreshold(scored.map(({ map }) => map));
  }
  const box = centreBox(imageSize, options.config.scoring.crop);
  const maps: Float32Array[] = [];
  for await (const { map } of scoredBatches(validation, options)) maps.push(cropTo(map, imageSize, box));
  return goodPixelThreshold(maps);
}
