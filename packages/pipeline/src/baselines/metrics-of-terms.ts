import type { DetectorCalibration, Scorer, Terms } from '@ddad/detector';
import type { Config } from '../config/schema.js';
import { measureScored } from '../evaluation/evaluate-test-set.js';
import type { EvaluatedTestSet } from '../evaluation/evaluated-test-set.js';
import type { Metrics } from '../evaluation/measure.js';

/** What parts of the score reach on the same test set. */
export interface TermMetrics {
  /** The distance to the memory alone. */
  memory: Metrics;
  /** The distances to the reconstruction alone, each with the weight that counts, or 1 where none does. */
  ddad: Metrics;
}

/** The names that people read. */
export const termNames: Record<keyof TermMetrics, string> = {
  memory: 'Memory of good features alone',
  ddad: 'DDAD alone',
};

/** Measures the terms of a detector that has them (`scoring.normalization: robust`) apart. */
export async function metricsOfTerms(
  test: EvaluatedTestSet,
  { config, scorer, calibration }: { config: Config; scorer: Scorer; calibration: DetectorCalibration },
): Promise<TermMetrics> {
  const { memory, pixel, feature } = calibration.terms!;
  const metricsOf = async (terms: Terms) => {
    const scored = await scorer.maps(test.distances, { terms });
    return measureScored(test.store.samples, { scored, masks: test.masks, config }).metrics;
  };
  const counts = pixel!.weight + feature!.weight > 0;
  const ddad = counts
    ? { pixel, feature }
    : { pixel: { ...pixel!, weight: 1 }, feature: { ...feature!, weight: 1 } };
  return { memory: await metricsOf({ memory: { ...memory!, weight: 1 } }), ddad: await metricsOf(ddad) };
}
