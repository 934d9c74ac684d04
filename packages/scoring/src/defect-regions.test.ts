import { expect, it } from 'vitest';
import { defectRegions, locateDefects } from './defect-regions.js';

const picture = (...rows: string[]) => ({
  map: rows.flatMap((row) => [...row].map(Number)),
  shape: [rows.length, rows[0].length] as [number, number],
});

it('defectRegions gives box, area, peak and centroid, highest peak first', () => {
  const { map, shape } = picture('3300009', '0030000', '0000000', '5555000', '5000000');
  expect(defectRegions(map, { shape, threshold: 3 })).toEqual([
    { box: { x: 6, y: 0, width: 1, height: 1 }, area: 1, peak: 9, centroid: { x: 6, y: 0 } },
    { box: { x: 0, y: 3, width: 4, height: 2 }, area: 5, peak: 5, centroid: { x: 6 / 5, y: 16 / 5 } },
    { box: { x: 0, y: 0, width: 3, height: 2 }, area: 3, peak: 3, centroid: { x: 1, y: 1 / 3 } },
  ]);
});

it('defectRegions counts a pixel at the threshold, and none below', () => {
  const { map, shape } = picture('12', '21');
  expect(defectRegions(map, { shape, threshold: 2 })).toHaveLength(1);
  expect(defectRegions(map, { shape, threshold: 2.01 })).toEqual([]);
  expect(defectRegions(map, { shape, threshold: 0, share: 0 })[0].area).toBe(4);
});

it('defectRegions leaves out what falls far below the largest value near it', () => {
  const { map, shape } = picture('0000000', '0379730', '0000000');
  const boxes = (share?: number) =>
    defectRegions(map, { shape, threshold: 2, share }).map(({ box, area }) => [box.x, box.width, area]);
  expect(boxes(0)).toEqual([[1, 5, 5]]);
  expect(boxes(0.9)).toEqual([[3, 1, 1]]);
  expect(() => boxes(1.1)).toThrow('defectRegions: share must lie between 0 and 1, got 1.1');
});

it('defectRegions leaves out small regions', () => {
  const { map, shape } = picture('9000', '0000', '0033');
  const peaks = (minArea: number) =>
    defectRegions(map, { shape, threshold: 1, minArea }).map(({ peak }) => peak);
  expect([peaks(1), peaks(2), peaks(3)]).toEqual([[9, 3], [3], []]);
});

it('defectRegions finds one region in a large full map', () => {
  const side = 1000;
  const map = new Float32Array(side * side).fill(1);
  const [region, ...rest] = defectRegions(map, { shape: [side, side], threshold: 1 });
  expect(rest).toEqual([]);
  expect(region.area).toBe(side * side);
  expect(region.centroid).toEqual({ x: (side - 1) / 2, y: (side - 1) / 2 });
});

it('defectRegions refuses maps of another shape and NaN', () => {
  expect(() => defectRegions([1, 2], { shape: [2, 2], threshold: 1 })).toThrow(
    'defectRegions: shape [2,2] needs 4 values, got 2',
  );
  expect(() => defectRegions([1, Number.NaN], { shape: [1, 2], threshold: 1 })).toThrow('NaN at index 1');
  expect(() => defectRegions([1], { shape: [1, 1], threshold: Number.NaN })).toThrow('threshold');
});

it('locateDefects says which pixels they are, and with an image they end at its edges', () => {
  const side = 48;
  const away = (i: number) => Math.hypot((i % side) - 20, Math.floor(i / side) - 22);
  const map = Float32Array.from({ length: side * side }, (_, i) => 1 + 9 * Math.exp(-(away(i) ** 2) / 50));
  const image = Uint8Array.from(map, (_, i) => (away(i) < 5 ? 30 : 200));
  const options = { shape: [side, side] as [number, number], threshold: 2 };
  for (const each of [options, { ...options, image }]) {
    const { regions, inside } = locateDefects(map, each);
    expect(regions).toEqual(defectRegions(map, each));
    expect(regions).toHaveLength(1);
    expect(inside.reduce((a, b) => a + b, 0)).toBe(regions[0].area);
  }
  const [{ box }] = defectRegions(map, { ...options, image });
  expect(Math.abs(box.width - 9) <= 2 && Math.abs(box.height - 9) <= 2).toBe(true);
  expect(() => defectRegions(map, { ...options, image: [1] })).toThrow('guidedRegion');
});
