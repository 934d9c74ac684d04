import { checkMask } from './check-mask.js';
import { checkShape, connectedComponents } from './connected-components.js';
import { type Keys, splitKeys } from './keys.js';
import type { Split } from './split.js';

/** Every pixel score of a set of images: 4 bytes for a normal pixel, 8 for a defect one (score, region size). */
export interface PixelStore extends Split {
  sizes: Uint32Array[];
  /** Number of 8-connected regions. */
  regions: number;
}

export function emptyStore(): PixelStore {
  return { positives: [], sizes: [], negatives: [], regions: 0 };
}

/** Adds one image; `image` is its place in a set, for errors. */
export function addImage(
  store: PixelStore,
  who: string,
  mask: ArrayLike<number>,
  map: ArrayLike<number>,
  { shape, image }: { shape: readonly [number, number]; image?: number },
): void {
  const where = image === undefined ? '' : ` of image ${image}`;
  const width = shape[1];
  const at = (i: number) => `row ${Math.floor(i / width)}, column ${i % width}${where}`;
  checkMask(who, mask, at);
  const { positives, negatives } = splitKeys(map, mask, (i) => {
    throw new Error(`${who}: maps must be finite, got ${map[i]} at ${at(i)}`);
  });
  if (positives.length > 0) {
    const sizes = regionSizes(mask, shape);
    store.positives.push(positives);
    store.sizes.push(sizes.ofPixels);
    store.regions += sizes.regions;
  }
  if (negatives.length > 0) store.negatives.push(negatives);
}

/** Adds the images of a set [n, h, w]. */
export function storeOf(
  who: string,
  masks: ArrayLike<number>,
  maps: ArrayLike<number>,
  shape: readonly [number, number, number],
): PixelStore {
  checkImages(who, masks, maps, shape);
  const [n, height, width] = shape;
  const store = emptyStore();
  for (let image = 0; image < n; image++) {
    const start = image * height * width;
    const end = start + height * width;
    addImage(store, who, part(masks, start, end), part(maps, start, end), { shape: [height, width], image });
  }
  return store;
}

/** Throws unless the shape is valid and both arrays have its size. */
export function checkImages(
  who: string,
  masks: ArrayLike<number>,
  maps: ArrayLike<number>,
  shape: readonly number[],
  sides: string[] = ['images', 'height', 'width'],
): void {
  checkShape(who, shape, sides);
  const pixels = shape.reduce((a, b) => a * b, 1);
  if (masks.length !== pixels || maps.length !== pixels) {
    throw new Error(
      `${who}: shape [${shape.join(', ')}] needs ${pixels} mask and map pixels, ` +
        `got ${masks.length} mask and ${maps.length} map pixels`,
    );
  }
}

/** Numbers of pixels. */
export interface PixelCounts {
  positives: number;
  negatives: number;
}

export function countsOf({ positives, negatives }: Split): PixelCounts {
  const count = (chunks: Keys[]) => chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return { positives: count(positives), negatives: count(negatives) };
}

/** Throws without a region or without a normal pixel. */
export function checkCounts(who: string, { positives, negatives }: PixelCounts): void {
  const pixels = positives + negatives;
  if (pixels === 0) throw new Error(`${who}: needs at least one image, got none`);
  if (positives === 0) {
    throw new Error(`${who}: needs at least one defect region, got 0 defect pixels of ${pixels}`);
  }
  if (negatives === 0) {
    throw new Error(`${who}: needs at least one normal pixel, got ${pixels} defect pixels of ${pixels}`);
  }
}

/** Elements start..end, without a copy where the array allows it. */
export function part(array: ArrayLike<number>, start: number, end: number): ArrayLike<number> {
  if (start === 0 && end === array.length) return array;
  if (ArrayBuffer.isView(array)) return (array as Float32Array).subarray(start, end);
  return Array.prototype.slice.call(array, start, end);
}

/** For each defect pixel, in reading order, the number of pixels of its 8-connected region. */
function regionSizes(
  mask: ArrayLike<number>,
  shape: readonly [number, number],
): { ofPixels: Uint32Array; regions: number } {
  const { labels, count } = connectedComponents(mask, { shape });
  const sizes = new Uint32Array(count + 1);
  for (let i = 0; i < labels.length; i++) if (labels[i] !== 0) sizes[labels[i]]++;
  const ofPixels = new Uint32Array(sizes.subarray(1).reduce((sum, size) => sum + size, 0));
  for (let i = 0, at = 0; i < labels.length; i++) if (labels[i] !== 0) ofPixels[at++] = sizes[labels[i]];
  return { ofPixels, regions: count };
}
