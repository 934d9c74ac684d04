import { checkOptions } from '@ddad/options';
import { checkMask } from './check-mask.js';

/** Regions of a mask. */
export interface Components {
  /** [h * w], row-major: 0 outside, else the region's number 1..count, in reading order of first pixels. */
  labels: Int32Array;
  /** Number of regions. */
  count: number;
}

/**
 * Connected regions of the non-zero pixels of a mask, by two raster passes with union-find.
 * @param mask [h * w], row-major
 * @param options.shape [height, width] in pixels
 * @param options.connectivity 8 joins diagonal neighbours, 4 does not. @default 8
 * @throws if the mask's length is not h * w, a value is not a number, or the connectivity is neither 4 nor 8
 */
export function connectedComponents(
  mask: ArrayLike<number>,
  options: { shape: readonly [number, number]; connectivity?: 4 | 8 },
): Components {
  checkOptions('connectedComponents', options, { shape: true, connectivity: true });
  const { shape, connectivity = 8 } = options;
  checkShape('connectedComponents', shape, ['height', 'width']);
  const [height, width] = shape;
  if (mask.length !== height * width) {
    throw new Error(
      `connectedComponents: shape [${height}, ${width}] needs ${height * width} mask pixels, got ${mask.length}`,
    );
  }
  if (connectivity !== 4 && connectivity !== 8) {
    throw new Error(`connectedComponents: connectivity must be 4 or 8, got ${connectivity}`);
  }
  checkMask('connectedComponents', mask, (i) => `index ${i}`);
  return label(mask, width, connectivity === 8);
}

/** Throws unless there is one positive whole number for each of the sides named. */
export function checkShape(who: string, shape: readonly number[], sides: string[]): void {
  if (shape?.length !== sides.length) {
    const got = shape === undefined ? 'none' : `[${shape}]`;
    throw new Error(`${who}: needs shape: [${sides.join(', ')}], got ${got}`);
  }
  if (!Array.from(shape).every((side) => Number.isInteger(side) && side > 0)) {
    throw new Error(`${who}: shape must hold positive whole numbers, got [${shape.join(', ')}]`);
  }
}

function label(mask: ArrayLike<number>, width: number, diagonal: boolean): Components {
  const labels = new Int32Array(mask.length);
  const parents = [0];
  for (let i = 0, x = 0; i < mask.length; i++, x = x + 1 === width ? 0 : x + 1) {
    if (mask[i] === 0) continue;
    const west = x > 0 ? labels[i - 1] : 0;
    const north = i >= width ? labels[i - width] : 0;
    const northWest = diagonal && x > 0 && i >= width ? labels[i - width - 1] : 0;
    const northEast = diagonal && x + 1 < width && i >= width ? labels[i - width + 1] : 0;
    if (north) labels[i] = !diagonal && west ? unite(parents, north, west) : north;
    else if (northEast)
      labels[i] = northWest || west ? unite(parents, northEast, northWest || west) : northEast;
    else if (northWest || west) labels[i] = northWest || west;
    else labels[i] = parents.push(parents.length) - 1;
  }
  let count = 0;
  for (let p = 1; p < parents.length; p++) parents[p] = parents[p] === p ? ++count : parents[parents[p]];
  for (let i = 0; i < labels.length; i++) if (labels[i] !== 0) labels[i] = parents[labels[i]];
  return { labels, count };
}

/** Joins two sets under the smaller root and returns it. */
function unite(parents: number[], a: number, b: number): number {
  const rootA = find(parents, a);
  const rootB = find(parents, b);
  const root = Math.min(rootA, rootB);
  parents[rootA] = root;
  parents[rootB] = root;
  return root;
}

function find(parents: number[], p: number): number {
  while (parents[p] !== p) {
    parents[p] = parents[parents[p]];
    p = parents[p];
  }
  return p;
}
