import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../testing/tree.js';
import { loadImage } from './load-image.js';
import { loadMask } from './load-mask.js';
import { makeSynthetic } from './make-synthetic.js';
import { openDataset } from './open-dataset.js';
import { syntheticCategories, syntheticDefects } from './synthetic/categories.js';

const counts = { train: 2, testGood: 1, testDefect: 7 };

describe('makeSynthetic', () => {
  it('has two textures and two objects, six defects', () => {
    expect(syntheticCategories).toEqual(['weave', 'tiles', 'gear', 'cap']);
    expect(syntheticDefects.length).toBe(6);
  });

  for (const category of syntheticCategories) {
    it(`${category}: a defect changes the image inside its mask, and only there`, async () => {
      const out = await makeTree({});
      await makeSynthetic({ out, category, seed: 3, counts, size: 32 });
      const { root, train, test } = await openDataset({ kind: 'mvtec', root: out, category });
      expect(train.length).toBe(2);
      const bad = test.filter(({ label }) => label === 1);
      expect(bad.length).toBe(7);
      expect(new Set(bad.map(({ defect }) => defect))).toEqual(new Set(syntheticDefects));
      for (const sample of bad) {
        const image = (await loadImage(sample.imagePath)).data;
        const clean = (await loadImage(join(root, sample.id.replace('/test/', '/clean/')))).data;
        const mask = (await loadMask(sample, { size: [32, 32] }))!;
        const difference = Array.from(mask, (_, i) =>
          Math.max(...[0, 1, 2].map((c) => Math.abs(image[3 * i + c]! - clean[3 * i + c]!))),
        );
        const mean = (inside: boolean) => {
          const values = difference.filter((_, i) => (mask[i] === 255) === inside);
          return values.reduce((sum, value) => sum + value, 0) / values.length;
        };
        expect(mean(true), sample.id).toBeGreaterThan(15);
        expect(mean(false), sample.id).toBeLessThan(2);
        const share = mask.filter((value) => value === 255).length / mask.length;
        expect(share).toBeGreaterThan(0.005);
        expect(share).toBeLessThan(0.15);
      }
    });
  }

  it('makes image i the same whatever the counts, another with another seed', async () => {
    const make = async (seed: number, train: number) => {
      const out = await makeTree({});
      await makeSynthetic({
        out,
        category: 'gear',
        seed,
        counts: { train, testGood: 0, testDefect: 0 },
        size: 16,
      });
      return readFile(join(out, 'gear', 'train', 'good', '001.png'));
    };
    const two = await make(5, 2);
    expect(await make(5, 4)).toEqual(two);
    expect(await make(6, 2)).not.toEqual(two);
  });

  it('keeps a finished set, replaces one of other options, and leaves foreign folders alone', async () => {
    const out = await makeTree({ 'cap/train/good/mine.png': undefined });
    const small = { train: 1, testGood: 1, testDefect: 1 };
    await expect(makeSynthetic({ out, category: 'cap', counts: small, size: 16 })).rejects.toThrow(
      'exists and holds no synthetic data set',
    );
    expect(existsSync(join(out, 'cap', 'train', 'good', 'mine.png'))).toBe(true);
    const make = (seed: number) =>
      makeSynthetic({ out, category: 'tiles', seed, counts: small, size: [16, 24] });
    expect((await make(1)).reused).toBe(false);
    expect((await make(1)).reused).toBe(true);
    expect((await make(2)).reused).toBe(false);
    const image = await loadImage(join(out, 'tiles', 'train', 'good', '000.png'));
    expect([image.height, image.width]).toEqual([16, 24]);
  });

  it('refuses senseless options', async () => {
    await expect(makeSynthetic({ out: 'x', category: 'wool' })).rejects.toThrow('weave, tiles, gear, cap');
    const file = join(await makeTree({ file: 'x' }), 'file');
    await expect(makeSynthetic({ out: file })).rejects.toThrow(
      `cannot write to ${file}: a part of the path is a file, not a folder; choose another out folder`,
    );
    await expect(makeSynthetic({ out: 'x', size: 0 })).rejects.toThrow('size must be');
    await expect(makeSynthetic({ out: 'x', size: 100_000 })).rejects.toThrow('at most 16777216 pixels');
    await expect(makeSynthetic({ out: 'x', counts: { train: -1 } })).rejects.toThrow('train: -1');
  });
});
