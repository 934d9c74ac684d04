/**
 * How far an image lies from its reconstruction and from good images, `imageSize * imageSize` values each; what the
 * detector has no network or memory for is absent.
 */
export interface Distances {
  /** D_p, mean absolute difference to the reconstruction. */
  pixel?: Float32Array;
  /** D_f, difference of the features to the reconstruction's. */
  feature?: Float32Array;
  /** D_m, distance of the features to the nearest in memory. */
  memory?: Float32Array;
  /** Interleaved bytes, as the image's own. */
  reconstruction?: Uint8Array;
  /** 1 where the image is judged, 0 where it is not, and its distances are 0; absent: all of it is. */
  mask?: Uint8Array;
}

/** The names of the distances. */
export const distanceNames = ['pixel', 'feature', 'memory'] as const;

/** One of them. */
export type DistanceName = (typeof distanceNames)[number];
