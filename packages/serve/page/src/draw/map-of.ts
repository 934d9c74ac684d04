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
  /** Side of what the detector sees at once, pixels of the map. */
  side: number;
  /** The picture at the map's size, RGB. */
  image: Uint8Array;
}

export async function mapOf(
  { seen, url }: { seen: Seen; url: string },
  { fit, crop, imageSize: side }: Pick<DetectorDetail, 'fit' | 'crop' | 'imageSize'>,
): Promise<PlacedMap> {
  const view = new DataView(await seen.values.arrayBuffer());
  const values = new Float32Array(view.byteLength / 4);
  for (let i = 0; i < values.length; i++) values[i] = view.getFloat32(4 * i, true);
  const { width, height } = seen.map;
  const placement = placementOf(seen, { size: [height, width], fit: fit as 'stretch' | 'pad' | 'crop' });
  const image = await pixelsOf(url, { width, height, placement });
  return { width, height, values, placement, crop, side, image };
}

/** The pixels of a picture where they lie in a map, RGB; black on the bars of `pad`. */
async function pixelsOf(
  url: string,
  { width, height, placement: { source, target } }: Pick<PlacedMap, 'width' | 'height' | 'placement'>,
): Promise<Uint8Array> {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    picture,
    ...([source.x, source.y, source.width, source.height] as const),
    ...([target.x, target.y, target.width, target.height] as const),
  );
  const rgba = context.getImageData(0, 0, width, height).data;
  return Uint8Array.from({ length: 3 * width * height }, (_, i) => rgba[4 * Math.floor(i / 3) + (i % 3)]);
}
