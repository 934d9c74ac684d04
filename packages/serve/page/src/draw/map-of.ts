import { type Placement, placementOf } from '@ddad/images';
import type { DetectorDetail } from '../../../src/schemas.js';
import type { Seen } from '../model/picture.js';

/** A map, and where it lies on its picture. */
export interface PlacedMap {
  width: number;
  height: number;
  values: Float32Array;
  placement: Placement;
  /** Part of each side that is scored; null: all of it. */
  crop: number | null;
}

export async function mapOf(
  seen: Seen,
  { fit, crop }: Pick<DetectorDetail, 'fit' | 'crop'>,
): Promise<PlacedMap> {
  const view = new DataView(await seen.values.arrayBuffer());
  const values = new Float32Array(view.byteLength / 4);
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true);
  const { width, height } = seen.map;
  const placement = placementOf(seen, { size: [height, width], fit: fit as 'stretch' | 'pad' | 'crop' });
  return { width, height, values, placement, crop };
}
