import { loadMask } from '@ddad/datasets';
import { asUserError, type Polygon, type RegionOfInterest, UserError } from '@ddad/detector';
import type { Config } from '../config/schema.js';
import { sizeOf } from './header-of-file.js';
import { outlines } from './outlines.js';

/**
 * What of a picture `data.roi` says is judged; undefined where it says nothing.
 *
 * @throws {UserError} a picture that cannot be read, or has nothing white
 */
export async function regionOfConfig({
  data: { roi },
}: Pick<Config, 'data'>): Promise<RegionOfInterest | undefined> {
  if (roi === null) return undefined;
  const { include, ignore } = typeof roi === 'string' ? { include: roi, ignore: [] } : roi;
  return { version: 1, include: await polygonsOf(include), ignore: await polygonsOf(ignore) };
}

/** Paths of the pictures that `data.roi` names. */
export function regionPaths({ data: { roi } }: Pick<Config, 'data'>): string[] {
  if (roi === null) return [];
  return typeof roi === 'string'
    ? [roi]
    : [roi.include, roi.ignore].filter((area) => typeof area === 'string');
}

async function polygonsOf(area: string | Polygon[]): Promise<Polygon[]> {
  if (typeof area !== 'string') return area;
  const size = (await sizeOf(area)) ?? { width: 1, height: 1 };
  const mask = await asUserError(
    () => loadMask({ label: 1, maskPath: area, maskThreshold: 127 }, { size: [size.height, size.width] }),
    { code: 'data', prefix: 'data.roi: ' },
  );
  const polygons = outlines(mask!, size);
  if (polygons.length === 0) {
    throw new UserError(`data.roi: ${area} has no white pixel`, {
      code: 'data',
      remedy: 'draw with 255 what counts, all else with 0',
    });
  }
  return polygons;
}
