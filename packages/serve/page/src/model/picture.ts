import type { Detection } from '../../../src/schemas.js';
import { fromBase64 } from '../api/from-base64.js';

/** What the detector saw. */
export interface Seen {
  version: number;
  score: number;
  /** The picture as a whole is unlike all good ones; null where the detector cannot tell. */
  foreign: boolean | null;
  sha256: string;
  /** Of the picture, upright, pixels. */
  width: number;
  height: number;
  /** Side lengths of the map. */
  map: { width: number; height: number };
  /** Float32, little endian; in a Blob, which the browser may keep on disk. */
  values: Blob;
  reconstruction: Blob | null;
  /** Milliseconds. */
  took: number;
}

/** A picture on the page. */
export interface Picture {
  readonly id: number;
  readonly name: string;
  readonly file: Blob;
  /** Of the file, or of what it was decoded to where the browser cannot show it. */
  url: string;
  thumbnail: string | null;
  state: 'waiting' | 'looking' | 'seen' | 'failed';
  /** Why it failed. */
  reason: string | null;
  /** The last answer; of an earlier version while it waits to be looked at again. */
  seen: Seen | null;
  /** What a person said. */
  said: 'good' | 'bad' | null;
}

export function seenOf({ version, score, foreign, image, map, reconstruction, timings }: Detection): Seen {
  if (!map) throw new Error('the station sent no map');
  return {
    ...{ version, score, foreign, sha256: image.sha256, width: image.width, height: image.height },
    map: { width: map.width, height: map.height },
    values: new Blob([fromBase64(map.base64)]),
    reconstruction: reconstruction
      ? new Blob([fromBase64(reconstruction.base64)], { type: 'image/png' })
      : null,
    took: timings.decode + timings.infer,
  };
}

/** Undefined until it was looked at. */
export function isAnomalous({ seen }: Picture, threshold: number): boolean | undefined {
  return seen ? seen.score >= threshold : undefined;
}
