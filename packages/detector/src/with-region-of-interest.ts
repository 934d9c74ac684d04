import { UserError } from './errors.js';
import type { Manifest } from './manifest.js';
import { smallestPicture } from './picture-map.js';
import { maskSource } from './region/mask-source.js';
import { type RegionOfInterest, regionOfInterestSchema } from './region/region-of-interest.js';

/**
 * The manifest of the same detector that judges a part of its pictures. Scales and threshold stay: `recalibrate` brings
 * them to the region.
 *
 * @param region null for the whole picture
 * @throws {UserError} a polygon of fewer than three corners, a corner outside of [0, 1], or nothing is left to judge
 */
export function withRegionOfInterest(
  manifest: Manifest,
  region: Omit<RegionOfInterest, 'version'> | null,
): Manifest {
  const { regionOfInterest: _, ...rest } = manifest;
  if (region === null) return rest;
  const parsed = regionOfInterestSchema.safeParse({ version: 1, ...region });
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new UserError(`region of interest: ${path.join('.')}: ${message}`, { code: 'option' });
  }
  const changed = { ...rest, regionOfInterest: parsed.data };
  // a square picture is all seen whatever the fit
  maskSource(changed)(smallestPicture(manifest.config));
  return changed;
}
