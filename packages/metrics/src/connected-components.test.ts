import { goldenJson, goldens, unit } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { connectedComponents } from './connected-components.js';

function parse(picture: string[]): { mask: number[]; shape: [number, number] } {
  return { mask: [...picture.join('')].map((c) => +(c === '#')), shape: [picture.length, picture[0].length] };
}

/** Regions by flood fill, in reading order. */
function flood(mask: ArrayLike<number>, [h, w]: [number, number], connectivity: 4 | 8): number[] {
  const labels: number[] = Array(h * w).fill(0);
  let count = 0;
  for (let start = 0; start < h * w; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    const stack = [start];
    labels[start] = ++count;
    while (stack.length > 0) {
      const i = stack.pop()!;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const y = Math.floor(i / w) + dy;
          const x = (i % w) + dx;
          if (connectivity === 4 && dx !== 0 && dy !== 0) continue;
          if (y < 0 || x < 0 || y >= h || x >= w || mask[y * w + x] === 0 || labels[y * w + x] !== 0)
            continue;
          labels[y * w + x] = count;
          stack.push(y * w + x);
        }
    }
  }
  return labels;
}

describe('connectedComponents', () => {
  it('joins diagonals with 8 and not with 4, numbers in reading order', () => {
    const { mask, shape } = parse(['#..#', '.#.#', '#...']);
    const eight = connectedComponents(mask, { shape });
    expect(eight.count).toBe(2);
    expect([...eight.labels]).toEqual([1, 0, 0, 2, 0, 1, 0, 2, 1, 0, 0, 0]);
    const four = connectedComponents(mask, { shape, connectivity: 4 });
    expect(four.count).toBe(4);
    expect([...four.labels]).toEqual([1, 0, 0, 2, 0, 3, 0, 2, 4, 0, 0, 0]);
  });

  it('joins arms that meet late, and keeps the edges of rows apart', () => {
    expect(connectedComponents(parse(['#.#.#', '#.#.#', '#####']).mask, { shape: [3, 5] }).count).toBe(1);
    expect(connectedComponents(parse(['..#', '#..']).mask, { shape: [2, 3] }).count).toBe(2);
  });

  it('equals flood fill on random masks of every density', () => {
    for (let trial = 0; trial < 60; trial++) {
      const shape: [number, number] = [1 + (trial % 9), 1 + ((trial * 7) % 13)];
      const mask = Uint8Array.from(unit(`cc.${trial}`, shape[0] * shape[1]), (x) => +(x < trial / 60));
      for (const connectivity of [4, 8] as const) {
        const { labels, count } = connectedComponents(mask, { shape, connectivity });
        const expected = flood(mask, shape, connectivity);
        expect([...labels]).toEqual(expected);
        expect(count).toBe(Math.max(0, ...expected));
      }
    }
  });

  it('finds the regions that scikit-image finds in the golden masks', () => {
    const expected = goldenJson<Record<string, { shape: number[]; regions_8_connected: number }>>('metrics');
    for (const [name, { shape, regions_8_connected }] of Object.entries(expected)) {
      const masks = goldens(`metrics_${name}`).get('masks')!.data as Uint8Array;
      const [n, h, w] = shape;
      let count = 0;
      for (let i = 0; i < n; i++) {
        const mask = masks.subarray(i * h * w, (i + 1) * h * w);
        count += connectedComponents(mask, { shape: [h, w] }).count;
      }
      expect(count).toBe(regions_8_connected);
    }
  });

  it('takes any non-zero value as foreground, and empty masks', () => {
    expect(connectedComponents([0, 0.5, 255, -1], { shape: [1, 4] }).count).toBe(1);
    expect(connectedComponents(new Uint8Array(6), { shape: [2, 3] })).toEqual({
      labels: new Int32Array(6),
      count: 0,
    });
  });

  it('refuses wrong shapes and connectivities', () => {
    expect(() => connectedComponents([1, 0], { shape: [2, 2] })).toThrow(
      'connectedComponents: shape [2, 2] needs 4 mask pixels, got 2',
    );
    expect(() => connectedComponents([false, true] as never, { shape: [1, 2] })).toThrow(
      'connectedComponents: masks must hold numbers, got false at index 0',
    );
    expect(() => connectedComponents([1, 0], { shape: [1, 1, 2] as never })).toThrow(
      'connectedComponents: needs shape: [height, width], got [1,1,2]',
    );
    expect(() => connectedComponents([], { shape: [0, 2] })).toThrow(
      'connectedComponents: shape must hold positive whole numbers, got [0, 2]',
    );
    expect(() => connectedComponents([1], { shape: [1, 1], connectivity: 6 as 8 })).toThrow(
      'connectedComponents: connectivity must be 4 or 8, got 6',
    );
  });
});
