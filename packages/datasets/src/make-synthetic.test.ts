import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../testing/tree.js';
import { loadImage } from './load-image.js';
import { loadMask } from './load-mask.js';
import { makeSynthetic } from './make-synthetic.js';
import { openDataset } from './open-dataset.js';
import { syntheticCategories, syntheticDefects } from './synthetic/categories.js';
import { drawDefective } from './synthetic/draw.js';

const counts = { train: 2, testGood: 1, testDefect: 7 };
const ofLargeDefects = ['weave', 'tiles', 'gear', 'cap'];
const ofAnySize = ['wood', 'leather', 'screw', 'board'];

/** SHA-256 of names and bytes of all PNG files, as version 1 wrote them: results are compared across releases. */
const FIRST_BYTES: Record<string, string> = {
  weave: 'a49ea4404d71f504c40cbd5557023035c2d49c16c07a1bf629c71437be66c789',
  tiles: 'f51028c3d148574c79123cff73343ed0462d6e0560916386323eb98a76bdddca',
  gear: '0cccd07ca2a58e51188f6fdc4a2767f3b865e40d16b676ec1108d0b8a43979db',
  cap: 'be40f6444c00f388c962c5dc1403fcd15ff793fb2d8db9211b34f28a5f145824',
};

describe('makeSynthetic', () => {
  it('has four textures and four objects, six to eight defects each', () => {
    expect(syntheticCategories).toEqual([...ofLargeDefects, ...ofAnySize]);
    for (const category of syntheticCategories) {
      const defects = syntheticDefects[category]!;
      expect(defects.length).toBeGreaterThanOrEqual(6);
      expect(new Set(defects).size).toBe(defects.length);
    }
  });

  for (const category of ofLargeDefects) {
    it(`${category}: a defect changes the image inside its mask, and only there`, async () => {
      const out = await makeTree({});
      await makeSynthetic({ out, category, seed: 3, counts, size: 32 });
      const { root, train, test } = await openDataset({ kind: 'mvtec', root: out, category });
      expect(train.length).toBe(2);
      const bad = test.filter(({ label }) => label === 1);
      expect(bad.length).toBe(7);
      expect(new Set(bad.map(({ defect }) => defect))).toEqual(new Set(syntheticDefects[category]));
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

  for (const category of ofLargeDefects) {
    it(`${category}: the bytes stay those of version 1`, async () => {
      const out = await makeTree({});
      await makeSynthetic({ out, category, seed: 3, counts, size: 32 });
      const files = await readdir(join(out, category), { recursive: true });
      const hash = createHash('sha256');
      for (const name of files.filter((name) => name.endsWith('.png')).sort()) {
        hash.update(name.replaceAll('\\', '/'));
        hash.update(await readFile(join(out, category, name)));
      }
      expect(hash.digest('hex')).toBe(FIRST_BYTES[category]);
    });
  }

  for (const category of ofAnySize) {
    it(`${category}: the mask holds every changed pixel, and of a mark nothing else`, async () => {
      const out = await makeTree({});
      const defects = syntheticDefects[category]!;
      const testDefect = defects.length;
      await makeSynthetic({
        out,
        category,
        seed: 4,
        counts: { train: 1, testGood: 0, testDefect },
        size: [64, 72],
      });
      const { root, test } = await openDataset({ kind: 'mvtec', root: out, category });
      expect(test.length).toBe(testDefect);
      expect(new Set(test.map(({ defect }) => defect))).toEqual(new Set(defects));
      for (const sample of test) {
        const image = (await loadImage(sample.imagePath)).data;
        const clean = (await loadImage(join(root, sample.id.replace('/test/', '/clean/')))).data;
        const mask = (await loadMask(sample, { size: [64, 72] }))!;
        const change = Array.from(mask, (_, i) =>
          Math.max(...[0, 1, 2].map((c) => Math.abs(image[3 * i + c]! - clean[3 * i + c]!))),
        );
        const outside = change.filter((_, i) => mask[i] === 0);
        const inside = change.filter((_, i) => mask[i] === 255);
        expect(Math.max(...outside), sample.id).toBeLessThan(8);
        expect(inside.length, sample.id).toBeGreaterThanOrEqual(4);
        const changed = inside.filter((value) => value >= 8);
        expect(changed.reduce((sum, value) => sum + value, 0) / changed.length).toBeGreaterThanOrEqual(12);
        const isMark = ['scratch', 'stain', 'crack', 'hole'].includes(sample.defect!);
        if (isMark) expect(Math.min(...inside), sample.id).toBeGreaterThanOrEqual(8);
        else expect(changed.length, sample.id).toBeGreaterThan(0.3 * inside.length);
      }
    });
  }

  it('draws marks that span a few pixels as well as a good part of the picture', () => {
    const size = 32;
    const extents = Array.from({ length: 24 }, (_, index) => {
      const place = { category: 'leather', seed: 0, height: size, width: size, folder: 'stain', index };
      const { data } = drawDefective(place, 'stain').mask;
      const marked = Array.from(data.keys()).filter((i) => data[i] !== 0);
      const span = (of: (i: number) => number) =>
        Math.max(...marked.map(of)) - Math.min(...marked.map(of)) + 1;
      return Math.max(
        span((i) => i % size),
        span((i) => Math.floor(i / size)),
      );
    });
    expect(extents.filter((extent) => extent <= 3).length).toBeGreaterThanOrEqual(3);
    expect(extents.filter((extent) => extent > 3 && extent < 7).length).toBeGreaterThanOrEqual(3);
    expect(extents.filter((extent) => extent >= 7).length).toBeGreaterThanOrEqual(3);
  });

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
    await expect(makeSynthetic({ out: 'x', category: 'wool' })).rejects.toThrow(
      'weave, tiles, gear, cap, wood, leather, screw, board',
    );
    const file = join(await makeTree({ file: 'x' }), 'file');
    await expect(makeSynthetic({ out: file })).rejects.toThrow(
      `cannot write to ${file}: a part of the path is a file, not a folder; choose another out folder`,
    );
    await expect(makeSynthetic({ out: 'x', category: 'board', size: [63, 200] })).rejects.toThrow(
      "the shorter side of 'board' must be at least 64, for its small defects to be seen; got 63 x 200",
    );
    await expect(makeSynthetic({ out: 'x', size: 0 })).rejects.toThrow('size must be');
    await expect(makeSynthetic({ out: 'x', size: 100_000 })).rejects.toThrow('at most 16777216 pixels');
    await expect(makeSynthetic({ out: 'x', counts: { train: -1 } })).rejects.toThrow('train: -1');
    await expect(makeSynthetic({ out: 'x', counts: { train: 1e9 } })).rejects.toThrow(
      'at most 100000 images',
    );
  });
});
