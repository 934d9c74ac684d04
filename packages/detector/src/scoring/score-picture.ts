import { typicalDistance } from '@ddad/scoring';
import type { Config } from '../config.js';
import type { PreparedImage } from '../prepare-image.js';
import { maskOfTile } from '../region/mask-source.js';
import type { Progress, TaskOptions } from '../task-options.js';
import type { Normalization } from './combine.js';
import type { Distances } from './distances.js';
import type { ScoredMap, Scorer } from './scorer.js';
import { createStitcher, type Stitcher } from './stitch.js';

export interface ScorePictureOptions extends Pick<TaskOptions, 'signal'> {
  config: Config;
  phase: Progress['phase'];
  /** Not `batch`: each tile stands alone. */
  normalization: Normalization;
  /** Of the calibration. @default 0 */
  change?: number;
  /** What of the picture's map is judged. @default all of it */
  mask?: Uint8Array;
  /** The picture's number in the memory, what it has of which is left out of the comparison. @default compare with all */
  leaveOut?: number;
}

/** What the tiles of a picture say together. */
export interface ScoredPicture extends ScoredMap {
  /** Interleaved bytes, as large as the map, black where nothing is judged; undefined without a UNet. */
  reconstruction?: Uint8Array;
  /** As `typicalDistance` of @ddad/scoring; undefined without a memory. */
  typical?: number;
}

/** Every so many rows and columns of a tile say how far the picture as a whole lies from good ones. */
const every = 4;

/**
 * Scores a picture that is cut into tiles, as many at once as the engine takes: what is held beside the picture and its map
 * does not depend on how large it is. Tiles of which nothing is judged are left out.
 */
export async function scorePicture(
  scorer: Scorer,
  { parts, width, height }: PreparedImage,
  { config, phase, normalization, change = 0, mask, leaveOut, signal }: ScorePictureOptions,
): Promise<ScoredPicture> {
  const { imageSize: side, channels } = config.data;
  const grid = { width, height, side, tiles: parts };
  const map = createStitcher(grid);
  let reconstruction: Stitcher | undefined;
  const judged = parts.flatMap((part) => {
    const own = maskOfTile(mask, part, grid);
    return own === null ? [] : [{ part, own }];
  });
  const far: number[] = [];
  const together = leaveOut === undefined ? Math.min(scorer.batchSize, judged.length) : 1;
  for (let at = 0; at < judged.length; at += together) {
    const batch = judged.slice(at, at + together);
    const distances = await scorer.distances(
      batch.map(({ part }) => part.bytes),
      {
        ...{ phase, signal, change, size: together },
        masks: batch.map(({ own }) => own),
        ...(leaveOut !== undefined && { leaveOut: batch.map(() => leaveOut) }),
      },
    );
    const maps = await scorer.maps(distances, normalization);
    for (const [i, { part }] of batch.entries()) {
      map.add(part, maps[i].map);
      if (distances[i].reconstruction) {
        reconstruction ??= createStitcher(grid, channels);
        reconstruction.add(part, distances[i].reconstruction);
      }
      far.push(...thinned(distances[i], side));
    }
  }
  if (mask) for (let i = 0; i < mask.length; i++) if (!mask[i]) map.result[i] = 0;
  return {
    map: map.result,
    score: map.result.reduce((a, b) => Math.max(a, b)),
    ...(reconstruction && { reconstruction: Uint8Array.from(reconstruction.result, Math.round) }),
    ...(far.length > 0 && { typical: typicalDistance(far) }),
  };
}

function thinned({ memory, mask }: Distances, side: number): number[] {
  const values: number[] = [];
  if (!memory) return values;
  for (let y = 0; y < side; y += every) {
    for (let x = 0; x < side; x += every) {
      const at = y * side + x;
      if (!mask || mask[at] === 1) values.push(memory[at]);
    }
  }
  return values;
}
