import type { Metrics } from '../evaluation/measure.js';

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
