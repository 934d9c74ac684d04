import type { ScoredMap } from '@ddad/detector';
import { gaussianBlur, imageScore } from '@ddad/scoring';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/schema.js';

/** Baseline maps blurred and scored as DDAD's own are. */
export async function blurMaps(
  maps: readonly Float32Array[],
  { data, scoring }: Config,
): Promise<ScoredMap[]> {
  const out: ScoredMap[] = [];
  for (const values of maps) {
    const [map, score] = tf.tidy(() => {
      const blurred = gaussianBlur(
        tf.tensor4d(values, [1, data.imageSize, data.imageSize, 1]),
        scoring.sigma,
      );
      return [blurred, imageScore(blurred, { crop: scoring.crop ?? undefined })];
    });
    const [blurred, [value]] = await Promise.all([map.data(), score.data()]);
    tf.dispose([map, score]);
    out.push({ map: blurred as Float32Array, score: value });
  }
  return out;
}
