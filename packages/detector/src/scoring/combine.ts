import { anomalyMap, sumOfTerms, type WeightedTerm } from '@ddad/scoring';
import type * as tf from '@tensorflow/tfjs';
import type { Config } from '../config.js';
import type { DetectorCalibration } from '../manifest.js';
import { type DistanceName, distanceNames } from './distances.js';

/** How distances become a map. */
export type Normalization = 'batch' | { ratio: number } | { terms: Terms };

/** The terms of `scoring.normalization: robust`. */
export type Terms = NonNullable<DetectorCalibration['terms']>;

/** How a detector of this calibration combines distances. */
export function normalizationOf(
  { scoring }: Pick<Config, 'scoring'>,
  calibration: DetectorCalibration | null,
): Normalization {
  if (!calibration || scoring.normalization === 'batch') return 'batch';
  const { terms, ratio } = calibration;
  return terms ? { terms } : { ratio: ratio! };
}

/** The anomaly maps [n, h, w, 1] of distances of that shape; ops alone, so that it can be compiled. */
export function combine(
  distances: { readonly [name in DistanceName]?: tf.Tensor4D },
  normalization: Normalization,
  { model: { v }, scoring: { sigma } }: Pick<Config, 'model' | 'scoring'>,
): tf.Tensor4D {
  if (typeof normalization === 'object' && 'terms' in normalization) {
    return sumOfTerms(withDistances(normalization.terms, distances), { sigma });
  }
  return anomalyMap({ pixel: distances.pixel!, feature: distances.feature!, v, normalization, sigma });
}

function withDistances(
  terms: Terms,
  distances: { readonly [name in DistanceName]?: tf.Tensor4D },
): Record<string, WeightedTerm> {
  return Object.fromEntries(
    distanceNames.flatMap((name) => {
      const term = terms[name];
      return term ? [[name, { ...term, distance: distances[name]! }]] : [];
    }),
  );
}
