import { encodePng, type Pixels, type Placement, type Rectangle, withChannels } from '@ddad/images';
import { checkOptions } from '@ddad/options';
import { checkPixels, type Size } from './check-pixels.js';
import { mixed } from './overlay.js';

/** Options of {@link photoOverlay}. */
export interface PhotoOverlayOptions extends Size {
  /** Where the photograph lies in the map. */
  placement: Placement;
  /** Map values of the first and the last colour. */
  range: readonly [number, number];
  /** The contour encloses the map's pixels that are not 0 here, `height * width` values: `inRegion` of a detection. */
  inside: ArrayLike<number>;
  /** Rectangles to frame, in pixels of the photograph. @default [] */
  boxes?: readonly Rectangle[];
}

const FRAME = [255, 255, 255] as const;

/** {@link paintOverlay} as a PNG file. */
export async function photoOverlay(
  photo: Pixels,
  map: ArrayLike<number>,
  options: PhotoOverlayOptions,
): Promise<Uint8Array> {
  return encodePng(await paintOverlay(photo, map, options));
}

/**
 * A photograph at its own size with the heat map and the contour of {@link overlay} and framed regions, RGB.
 * Parts that `fit: crop` cut away, where nothing was looked for, are dark.
 *
 * @param photo upright
 * @param map [height * width], row-major; `width` and `height` of the options are the map's
 */
export async function paintOverlay(
  photo: Pixels,
  map: ArrayLike<number>,
  options: PhotoOverlayOptions,
): Promise<Pixels> {
  checkOptions('paintOverlay', options, {
    placement: true,
    range: true,
    inside: true,
    boxes: true,
    width: true,
    height: true,
  });
  const { width, height, placement, range, inside, boxes = [] } = options;
  checkPixels('paintOverlay', map, { width, height, channels: 1 });
  checkPixels('paintOverlay', inside, { width, height, channels: 1 });
  const size = { width: photo.width, height: photo.height };
  const at = { width, height, placement, photo: size };
  const large = spread(map, { ...at, outside: range[0] });
  const enclosed = Uint8Array.from(spread(inside, { ...at, outside: 0 }), (share) => (share >= 0.5 ? 1 : 0));
  const rgb = mixed(withChannels(photo, 3).data, large, { ...size, range, inside: enclosed });
  // Loaded here: it takes longer to load than most programs take to need it.
  const { Image } = await import('image-js');
  const image = new Image(size.width, size.height, { data: rgb, colorModel: 'RGB' });
  const lines = Math.max(1, Math.round(Math.max(size.width, size.height) / 400));
  for (const { x, y, width: across, height: down } of boxes) {
    for (let line = 1; line <= lines; line++) {
      const frame = {
        origin: { column: x - line, row: y - line },
        width: across + 2 * line,
        height: down + 2 * line,
      };
      image.drawRectangle({ ...frame, strokeColor: [...FRAME], out: image });
    }
  }
  return { data: image.getRawImage().data as Uint8Array, ...size, channels: 3 };
}

/** The map at the size of the photograph, bilinear between the centres of its pixels. */
function spread(
  map: ArrayLike<number>,
  {
    width,
    height,
    placement: { source, target },
    outside,
    photo,
  }: Size & { placement: Placement; outside: number; photo: Size },
): Float32Array {
  const large = new Float32Array(photo.width * photo.height).fill(outside);
  const columns = along(source.x, source.width, { from: target.x, length: target.width, last: width - 1 });
  const rows = along(source.y, source.height, { from: target.y, length: target.height, last: height - 1 });
  for (const { at: y, low: top, high: bottom, share: down } of rows) {
    for (const { at: x, low: left, high: right, share: across } of columns) {
      const above = map[top * width + left] * (1 - across) + map[top * width + right] * across;
      const below = map[bottom * width + left] * (1 - across) + map[bottom * width + right] * across;
      large[y * photo.width + x] = above * (1 - down) + below * down;
    }
  }
  return large;
}

/** For each pixel of one axis of the photograph: between which pixels of the map it lies. */
function along(
  start: number,
  count: number,
  { from, length, last }: { from: number; length: number; last: number },
) {
  return Array.from({ length: count }, (_, i) => {
    const position = from + ((i + 0.5) * length) / count - 0.5;
    const low = Math.min(Math.max(Math.floor(position), 0), last);
    const high = Math.min(low + 1, last);
    return { at: start + i, low, high, share: Math.min(Math.max(position - low, 0), 1) };
  });
}
