import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { randomSet } from '../testing/brute-force.js';
import { auproFold } from './aupro.js';
import { aurocFold } from './auroc.js';
import { averagePrecisionFold } from './average-precision.js';
import { f1MaxFold } from './f1-max.js';
import { addImage, emptyStore, storeOf } from './pixel-store.js';
import { Spill } from './spill.js';
import { type Steps, stepsOf } from './steps.js';

const [n, h, w] = [7, 24, 20];
const size = h * w;
const directory = mkdtempSync(join(tmpdir(), 'ddad-spill-'));

function metricsOf(parts: Iterable<Steps>, regions: number) {
  const folds = [
    aurocFold(),
    averagePrecisionFold(),
    f1MaxFold(),
    auproFold({ regions, limit: 0.3 }),
    auproFold({ regions, limit: 1 }),
  ];
  for (const steps of parts) for (const fold of folds) fold.add(steps);
  return folds.map((fold) => fold.result());
}

it.each([1, 3, 40, 1e9])(
  'gives to the last bit what memory gives, from many small runs (%d levels)',
  (levels) => {
    const { masks, maps } = randomSet(`spill.${levels}`, [n, h, w], { levels, blobs: 6 });
    const doubles = Float64Array.from(maps, (x) => x / 3);
    const mixed = Float64Array.from(maps, (x, i) => (i < 3 * size ? x : doubles[i]));
    for (const scores of [maps, doubles, mixed]) {
      const inMemory = storeOf('test', masks, scores, [n, h, w]);
      const expected = metricsOf([stepsOf(inMemory)], inMemory.regions);
      for (const [runLength, blockLength] of [
        [1, 1],
        [50, 7],
        [700, 64],
        [1e6, 1e6],
      ]) {
        const spill = new Spill(directory, { runLength, blockLength });
        const store = emptyStore();
        for (let i = 0; i < n; i++) {
          const part = [i * size, (i + 1) * size] as const;
          addImage(store, 'test', masks.subarray(...part), scores.subarray(...part), { shape: [h, w] });
          spill.take(store);
        }
        spill.take(store, { all: true });
        expect(store.positives.length + store.negatives.length + store.sizes.length).toBe(0);
        expect(metricsOf(spill.steps(), store.regions)).toEqual(expected);
        expect(metricsOf(spill.steps(), store.regions)).toEqual(expected);
        spill.dispose();
      }
    }
    expect(readdirSync(directory)).toEqual([]);
  },
);

it('says which directory it cannot make', () => {
  expect(() => new Spill(new URL(import.meta.url).pathname)).toThrow(/EEXIST|ENOTDIR/);
  expect(existsSync(directory)).toBe(true);
});
