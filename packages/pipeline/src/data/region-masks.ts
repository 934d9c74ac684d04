import { loadImage } from '@ddad/datasets';
import { maskSource } from '@ddad/detector';
import type { Manifest } from '../checkpoint/manifest-file.js';
import { sizeOf } from './header-of-file.js';

/**
 * What of each image a detector judges; undefined where that is all of every one.
 *
 * @throws {UserError} the region of interest leaves nothing of an image to judge
 */
export async function regionMasks(
  manifest: Pick<Manifest, 'config' | 'regionOfInterest'>,
  paths: readonly string[],
): Promise<(Uint8Array | undefined)[] | undefined> {
  if (!manifest.regionOfInterest) return undefined;
  const maskOf = maskSource(manifest);
  const masks: (Uint8Array | undefined)[] = [];
  for (const path of paths) masks.push(maskOf((await sizeOf(path)) ?? (await loadImage(path))));
  return masks;
}
