import type { Sample } from '@ddad/datasets';
import {
  isForeign,
  maskSource,
  normalizationOf,
  type PreparedImage,
  prepareImage,
  type Scorer,
  scorePicture,
  type TaskOptions,
  UserError,
} from '@ddad/detector';
import { type Pixels, resize, withChannels } from '@ddad/images';
import type { Manifest } from '../checkpoint/manifest-file.js';
import type { Config } from '../config/schema.js';
import { describeSkipped } from '../data/load-images.js';
import { loadMasks } from '../data/load-masks.js';
import type { EvaluatedTestSet } from './evaluated-test-set.js';

/** Longest side of what is kept of a picture for the metrics and the report, pixels. */
const longest = 1024;

/**
 * Scores test pictures that are cut into tiles, one after another. Of each map what is kept is the largest value of every few
 * pixels, so that all of a test set fit into memory: metrics of pixels are of these.
 *
 * @throws {UserError} a picture does not decode and `data.skipBad` is off, or is smaller than a tile
 */
export async function evaluateInTiles(
  samples: readonly Sample[],
  {
    config,
    scorer,
    manifest,
    onProgress,
    onNotice,
    signal,
  }: TaskOptions & {
    config: Config;
    scorer: Scorer;
    manifest: Pick<Manifest, 'config' | 'calibration' | 'regionOfInterest'>;
  },
): Promise<Omit<EvaluatedTestSet, 'measured'>> {
  const { calibration } = manifest;
  const maskOf = maskSource(manifest);
  const test: Omit<EvaluatedTestSet, 'measured'> = {
    store: { samples: [] },
    ...{ images: [], masks: [], distances: [], scored: [], sizes: [], foreign: [] },
  };
  const skipped: string[] = [];
  for (const [i, sample] of samples.entries()) {
    const image = await prepared(sample, config);
    if (!image) {
      skipped.push(sample.id);
      continue;
    }
    const { map, score, reconstruction, typical } = await scorePicture(scorer, image, {
      ...{ config, phase: 'evaluate', signal, mask: maskOf(image.pixels), change: calibration?.change ?? 0 },
      normalization: normalizationOf(config, calibration),
    });
    const { channels } = config.data;
    const { width, height } = image;
    const factor = Math.ceil(Math.max(width, height) / longest);
    const size = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
    const shown = (pixels: Pixels) =>
      resize(withChannels(pixels, channels), { size: [size.height, size.width] }).data;
    test.store.samples.push(sample);
    test.images.push(shown(image.pixels));
    test.masks.push(...(await loadMasks([sample], config, [size.height, size.width])));
    test.distances.push(
      reconstruction ? { reconstruction: shown({ data: reconstruction, width, height, channels }) } : {},
    );
    test.scored.push({ map: largestOf(map, { width, height, factor }), score });
    test.sizes.push(size);
    test.foreign.push(isForeign(typical, calibration));
    onProgress?.({ phase: 'evaluate', done: i + 1, total: samples.length });
  }
  describeSkipped(skipped, onNotice);
  if (test.images.length === 0) {
    throw new UserError(`none of ${samples.length} test images could be read`, { code: 'image' });
  }
  return test;
}

/** Undefined for one that does not decode and may be left out. */
async function prepared({ imagePath }: Sample, config: Config): Promise<PreparedImage | undefined> {
  try {
    return await prepareImage(imagePath, config);
  } catch (error) {
    if (config.data.skipBad && UserError.isInstance(error)) return undefined;
    throw error;
  }
}

/** The largest value of each square of `factor` pixels. */
function largestOf(
  map: Float32Array,
  { width, height, factor }: { width: number; height: number; factor: number },
): Float32Array {
  if (factor === 1) return map;
  const columns = Math.ceil(width / factor);
  const out = new Float32Array(columns * Math.ceil(height / factor));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = Math.floor(y / factor) * columns + Math.floor(x / factor);
      out[at] = Math.max(out[at], map[y * width + x]);
    }
  }
  return out;
}
