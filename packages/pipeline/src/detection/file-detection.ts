import type { Detection } from '@ddad/detector';

/** A detection without its pixels. */
export interface FileDetection
  extends Pick<
    Detection,
    'score' | 'threshold' | 'isAnomalous' | 'isForeign' | 'width' | 'height' | 'regions'
  > {
  path: string;
  /** The image's own size, upright. */
  imageWidth: number;
  imageHeight: number;
  /** The overlay that was written. */
  overlay?: string;
}

/** A file that cannot be judged. */
export interface BadFile {
  path: string;
  /** Why. */
  error: string;
}
