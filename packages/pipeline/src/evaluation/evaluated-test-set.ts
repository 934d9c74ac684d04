import type { ImageStore, Sample } from '@ddad/datasets';
import type { Distances, ScoredMap } from '@ddad/detector';
import type { Measured } from './measure.js';

/** The test images with everything found out about them, index by index. */
export interface EvaluatedTestSet {
  store: Pick<ImageStore<Sample>, 'samples'>;
  images: Uint8Array[];
  masks: (Uint8Array | undefined)[];
  /** Of pictures that were cut into tiles the reconstruction alone. */
  distances: Distances[];
  scored: ScoredMap[];
  /** Size of each image and its map: `imageSize`, or that of a picture that was cut into tiles. */
  sizes: { width: number; height: number }[];
  /** Whether each is no picture of the part, see `isForeign`. */
  foreign: (boolean | undefined)[];
  /** Of pixels, where good images set one: see `goodPixels`. */
  pixelThreshold?: number;
  measured: Measured;
}
