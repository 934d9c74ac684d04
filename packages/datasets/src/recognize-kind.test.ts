import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree, pngs } from '../testing/tree.js';
import { makeSynthetic } from './make-synthetic.js';
import { openDataset } from './open-dataset.js';
import { recognizeKind } from './recognize-kind.js';

const csv = 'object,split,label,image,mask\r\ncandle,train,normal,candle/Data/Images/Normal/0.JPG,\r\n';

/** A tree, what it is taken for, its categories and what it is recognised by. */
const trees: [
  name: string,
  files: Record<string, string | undefined>,
  kind: string,
  categories: string[],
  why: string,
][] = [
  [
    'MVTec AD',
    pngs('a/train/good/0.png', 'a/test/hole/0.png', 'b/train/good/0.png', 'b/test/good/0.png'),
    'mvtec',
    ['a', 'b'],
    'a/train/good',
  ],
  [
    'BTAD',
    pngs('01/train/ok/0.bmp', '01/test/ko/0.bmp', '02/train/ok/0.png', '02/ground_truth/ko/0.png'),
    'btad',
    ['01', '02'],
    '01/train/ok',
  ],
  [
    'MVTec LOCO',
    pngs('a/train/good/0.png', 'a/validation/good/0.png', 'a/test/logical_anomalies/0.png'),
    'loco',
    ['a'],
    'a/test/logical_anomalies',
  ],
  [
    'MVTec AD 2',
    pngs('can/train/good/0.png', 'can/test_public/good/0.png', 'can/test_public/bad/0.png'),
    'mvtec2',
    ['can'],
    'can/test_public',
  ],
  ['MTD', pngs('MT_Free/Imgs/exp1_num_1.jpg', 'MT_Crack/Imgs/exp1_num_2.jpg'), 'mtd', [], 'MT_Free/Imgs'],
  [
    'VisA as downloaded',
    { 'split_csv/1cls.csv': csv, ...pngs('candle/Data/Images/Normal/0.JPG') },
    'visa',
    ['candle'],
    'split_csv/1cls.csv',
  ],
  [
    'VisA prepared',
    pngs('1cls/candle/train/good/0.JPG', '1cls/pcb1/train/good/0.JPG'),
    'visa',
    ['candle', 'pcb1'],
    '1cls/candle/train/good',
  ],
  ['photos', pngs('a.png', '2026/b.png'), 'folder', [], 'none of the known layouts'],
  ['ok and nok', pngs('ok/0.png', 'nok/0.png'), 'folder', [], 'none of the known layouts'],
  ['a split export', pngs('train/good/0.png', 'test/good/0.png'), 'folder', [], 'none of the known layouts'],
];

describe('recognizeKind', () => {
  for (const [name, files, kind, categories, why] of trees) {
    it(`recognises ${name}, which then opens by itself`, async () => {
      const root = await makeTree(files);
      const recognized = await recognizeKind(root);
      const [category, ...more] = categories;
      const only = category !== undefined && more.length === 0 ? { category } : {};
      expect(recognized).toEqual({ kind, root, categories, why, ...only });
      const dataset = await openDataset({ kind: 'auto', root, category });
      expect(dataset.kind).toBe(kind);
      expect(dataset.train.length).toBeGreaterThan(0);
    });
  }

  it('recognises a single category, which the folder above holds', async () => {
    const root = await makeTree({
      ...pngs('nut/train/good/0.png', 'nut/test/good/0.png', 'nut/test/hole/0.png'),
      ...pngs('nut/ground_truth/hole/0_mask.png'),
      ...pngs('box/train/good/0.png', 'box/test/logical_anomalies/0.png'),
    });
    expect(await recognizeKind(join(root, 'nut'))).toEqual({
      kind: 'mvtec',
      root,
      category: 'nut',
      categories: ['nut'],
      why: 'train/good',
    });
    expect(await recognizeKind(join(root, 'box'))).toMatchObject({ kind: 'loco', root, category: 'box' });
    const dataset = await openDataset({ kind: 'auto', root: join(root, 'nut') });
    expect(dataset).toMatchObject({ kind: 'mvtec', root, category: 'nut' });
    expect(dataset.test.map(({ maskPath }) => maskPath !== undefined)).toEqual([false, true]);
  });

  it('recognises what makeSynthetic writes', async () => {
    const out = await makeTree({});
    await makeSynthetic({ out, category: 'cap', size: 16, counts: { train: 8, testGood: 1, testDefect: 2 } });
    expect(await recognizeKind(out)).toMatchObject({ kind: 'mvtec', category: 'cap' });
    expect(await recognizeKind(join(out, 'cap'))).toMatchObject({
      kind: 'mvtec',
      root: out,
      category: 'cap',
    });
  });

  it('leaves several categories to the caller, and names a folder that is not there', async () => {
    const root = await makeTree(
      pngs('a/train/good/0.png', 'a/test/x/0.png', 'b/train/good/0.png', 'b/test/x/0.png'),
    );
    await expect(openDataset({ kind: 'auto', root })).rejects.toThrow('needs a category of');
    await expect(recognizeKind(join(root, 'no'))).rejects.toThrow(
      `recognizeKind: there is no folder ${join(root, 'no')}`,
    );
    // A folder of tests is given: then the other holds one's own images.
    const own = await openDataset({
      kind: 'auto',
      root: join(root, 'a', 'train'),
      test: join(root, 'a', 'test'),
    });
    expect(own.kind).toBe('folder');
  });
});
