import { mkdir, symlink } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree, pngs } from '../../testing/tree.js';
import { DatasetError } from '../dataset-error.js';
import { type OpenDatasetOptions, openDataset } from '../open-dataset.js';

const GOOD = Array.from({ length: 9 }, (_, i) => i);

/** Nine good images in `folder`, other ones in the others: `{ ok: 9, nok: 3 }`. */
function tree(folders: Record<string, number>): string[] {
  return Object.entries(folders).flatMap(([folder, n]) =>
    Array.from({ length: n }, (_, i) => (folder === '.' ? `${i}.png` : `${folder}/${i}.png`)),
  );
}

interface Understood {
  /** Folders that are trained on. */
  train: string[];
  /** Folders of the test images with what they are taken for. */
  test?: Record<string, string>;
  validation?: Record<string, string>;
  /** Masks by image. */
  masks?: Record<string, string>;
}

/** Names of folders with a number of images in each, or files; and what becomes of them. */
type Case = [
  name: string,
  files: string[],
  expected: Understood | RegExp[],
  options?: Partial<OpenDatasetOptions>,
];

const cases: Case[] = [
  ['photos in a folder', tree({ '.': 9 }), { train: ['.'] }],
  ['photos by date', tree({ '2026-05': 4, '2026-06': 5 }), { train: ['2026-05', '2026-06'] }],
  ['ok and nok', tree({ ok: 9, nok: 3 }), { train: ['ok'], test: { nok: '1 nok' } }],
  ['OK and NG', tree({ OK: 9, NG: 3 }), { train: ['OK'], test: { NG: '1 NG' } }],
  ['good and bad', tree({ good: 9, bad: 3 }), { train: ['good'], test: { bad: '1 bad' } }],
  [
    'good and defects, sorted',
    tree({ good: 9, 'defects/hole': 2, 'defects/x': 1 }),
    {
      train: ['good'],
      test: { 'defects/hole': '1 defects', 'defects/x': '1 defects' },
    },
  ],
  ['good and anomaly', tree({ good: 9, anomaly: 3 }), { train: ['good'], test: { anomaly: '1 anomaly' } }],
  [
    'good and named defects',
    tree({ good: 9, hole: 2, rip: 1 }),
    {
      train: ['good'],
      test: { hole: '1 hole', rip: '1 rip' },
    },
  ],
  ['gut and schlecht', tree({ gut: 9, schlecht: 3 }), { train: ['gut'], test: { schlecht: '1 schlecht' } }],
  ['i.O. and n.i.O.', tree({ 'i.O.': 9, 'n.i.O.': 3 }), { train: ['i.O.'], test: { 'n.i.O.': '1 n.i.O.' } }],
  ['bon and défaut', tree({ bon: 9, défaut: 3 }), { train: ['bon'], test: { défaut: '1 défaut' } }],
  ['bueno and malo', tree({ bueno: 9, malo: 3 }), { train: ['bueno'], test: { malo: '1 malo' } }],
  ['buoni and difetti', tree({ buoni: 9, difetti: 3 }), { train: ['buoni'], test: { difetti: '1 difetti' } }],
  ['良品 and 不良品', tree({ 良品: 9, 不良品: 3 }), { train: ['良品'], test: { 不良品: '1 不良品' } }],
  ['合格 and 缺陷', tree({ 合格: 9, 缺陷: 3 }), { train: ['合格'], test: { 缺陷: '1 缺陷' } }],
  [
    'one folder down',
    tree({ 'photos/ok': 9, 'photos/nok': 3 }),
    {
      train: ['photos/ok'],
      test: { 'photos/nok': '1 nok' },
    },
  ],
  [
    'good ones by camera',
    tree({ 'ok/cam 1': 5, 'ok/cam 2': 4, 'nok/cam 1': 3 }),
    {
      train: ['ok/cam 1', 'ok/cam 2'],
      test: { 'nok/cam 1': '1 nok' },
    },
  ],
  ['good and unsorted', tree({ good: 9, test: 3 }), { train: ['good'], test: { test: 'undefined unknown' } }],
  [
    'MVTec without masks',
    tree({ 'train/good': 9, 'test/good': 2, 'test/hole': 2 }),
    {
      train: ['train/good'],
      test: { 'test/good': '0 good', 'test/hole': '1 hole' },
    },
  ],
  [
    'MVTec without test/good',
    tree({ 'train/good': 9, 'test/nok': 2, 'test/new': 2 }),
    {
      train: ['train/good'],
      test: { 'test/nok': '1 nok', 'test/new': 'undefined unknown' },
    },
  ],
  [
    'MVTec without test/good, with masks',
    [...tree({ 'train/good': 9, 'test/hole': 2 }), 'ground_truth/hole/0_mask.png'],
    {
      train: ['train/good'],
      test: { 'test/hole': '1 hole' },
      masks: { 'test/hole/0.png': 'ground_truth/hole/0_mask.png' },
    },
  ],
  [
    'train without good',
    tree({ train: 9, 'test/good': 1, 'test/bad': 2 }),
    {
      train: ['train'],
      test: { 'test/good': '0 good', 'test/bad': '1 bad' },
    },
  ],
  ['unsorted test images', tree({ '.': 9, test: 3 }), { train: ['.'], test: { test: 'undefined unknown' } }],
  [
    'classification export',
    tree({
      'train/good': 9,
      'train/bad': 4,
      'valid/good': 2,
      'valid/bad': 2,
      'test/good': 2,
      'test/bad': 2,
    }),
    {
      train: ['train/good'],
      test: { 'test/good': '0 good', 'test/bad': '1 bad' },
      validation: { 'valid/good': '0 good', 'valid/bad': '1 bad' },
    },
  ],
  [
    'train and val only',
    tree({ 'train/ok': 9, 'train/ng': 4, 'val/ok': 2, 'val/ng': 2 }),
    {
      train: ['train/ok'],
      test: { 'val/ok': '0 good', 'val/ng': '1 ng' },
    },
  ],
  [
    'sorted training images only',
    tree({ 'train/normal': 9, 'train/defective': 4 }),
    {
      train: ['train/normal'],
      test: { 'train/defective': '1 defective' },
    },
  ],
  [
    'castings',
    tree({ 'train/ok_front': 9, 'train/def_front': 4, 'test/ok_front': 1, 'test/def_front': 2 }),
    {
      train: ['train/ok_front'],
      test: { 'test/ok_front': '0 good', 'test/def_front': '1 def_front' },
    },
  ],
  [
    'splits in the names',
    tree({ train_good: 9, test_good: 2, test_defect: 3 }),
    {
      train: ['train_good'],
      test: { test_good: '0 good', test_defect: '1 test_defect' },
    },
  ],
  [
    'labels above splits',
    tree({ 'good/train': 9, 'good/test': 2, 'bad/test': 2 }),
    {
      train: ['good/train'],
      test: { 'good/test': '0 good', 'bad/test': '1 bad' },
    },
  ],
  ['train beside nok', tree({ train: 9, nok: 3 }), { train: ['train'], test: { nok: '1 nok' } }],
  [
    'images and masks beside each other',
    [...tree({ good: 9, 'bad/images': 2 }), 'bad/masks/0.png', 'bad/masks/1_MASK.PNG'],
    {
      train: ['good'],
      test: { 'bad/images': '1 bad' },
      masks: { 'bad/images/0.png': 'bad/masks/0.png', 'bad/images/1.png': 'bad/masks/1_MASK.PNG' },
    },
  ],
  [
    'masks of each split',
    [
      ...tree({ 'train/ok': 9, 'valid/ng': 1, 'test/ng': 1 }),
      ...['ground_truth/test/ng/0.png', 'valid/masks/ng/0.png', 'train/masks/ng/0.png'],
    ],
    {
      train: ['train/ok'],
      test: { 'test/ng': '1 ng' },
      validation: { 'valid/ng': '1 ng' },
      masks: { 'test/ng/0.png': 'ground_truth/test/ng/0.png', 'valid/ng/0.png': 'valid/masks/ng/0.png' },
    },
  ],
  [
    'masks in the same folder',
    [...tree({ good: 9, bad: 2 }), 'bad/0_mask.png'],
    {
      train: ['good'],
      test: { bad: '1 bad' },
      masks: { 'bad/0.png': 'bad/0_mask.png' },
    },
  ],
  [
    'masks in one folder',
    [...tree({ good: 9, bad: 0 }), 'bad/a.jpg', 'bad/b.jpg', 'masks/a.png', 'masks/b.png'],
    {
      train: ['good'],
      test: { bad: '1 bad' },
      masks: { 'bad/a.jpg': 'masks/a.png', 'bad/b.jpg': 'masks/b.png' },
    },
  ],
  ['an empty folder of bad ones', [...tree({ good: 9 }), 'bad/'], { train: ['good'] }],
  [
    'a category',
    tree({ 'a/good': 9, 'a/bad': 2, 'b/good': 9 }),
    { train: ['a/good'], test: { 'a/bad': '1 bad' } },
    { category: 'a' },
  ],

  ['only nok', tree({ nok: 5 }), [/nok \(5 images\)/, /; defects by name: nok;/]],
  ['nok and others', tree({ nok: 5, photos: 9 }), [/nok \(5 images\), photos \(9 images\)/]],
  ['photos beside nok', tree({ '.': 9, nok: 5 }), [/the folder itself \(9 images\), nok \(5 images\)/]],
  ['defects by their kind', tree({ scratch: 5, Dellen: 4 }), [/Dellen \(4 images\), scratch \(5 images\)/]],
  ['不良 and others', tree({ 不良: 5, 写真: 9 }), [/不良 \(5 images\)/]],
  [
    'train/bad without train/good',
    tree({ 'train/bad': 5, 'test/good': 3 }),
    [/train\/bad \(5 images\)/, /test\/good \(3/],
  ],
  ['train with bad in it', tree({ train: 9, 'train/bad': 2 }), [/; defects by name: train\/bad;/]],
  [
    'train/good missing',
    tree({ 'test/good': 3, 'test/hole': 2 }),
    [/no training images/, /test\/good \(3 images\)/],
  ],
  [
    'an empty train/good',
    [...tree({ 'test/good': 3 }), 'train/good/'],
    [/no training images/, /test\/good \(3 images\)/],
  ],
  [
    'an empty good beside others',
    [...tree({ hole: 3 }), 'good/'],
    [/no training images/, /hole \(3 images\)/],
  ],
  [
    'good in HEIC beside others',
    [...tree({ hole: 3 }), 'good/0.heic', 'good/1.heic'],
    [/no training images/, /2 HEIC/],
  ],
  ['positive and negative', tree({ positive: 5, negative: 9 }), [/positive \(5 images\)/, /; good or not: /]],
  ['0 and 1', tree({ 0: 9, 1: 5 }), [/0 \(9 images\), 1 \(5 images\)/, /; good or not: /]],
  ['class_0 and class_1', tree({ class_0: 9, class_1: 5 }), [/class_0 \(9 images\), class_1 \(5 images\)/]],
  ['ok_nok', tree({ ok_nok: 9 }), [/ok_nok \(9 images\)/, /; good or not: /]],
  ['nok among the good', tree({ good: 9, 'good/nok': 3 }), [/good\/nok/]],
  ['good among the nok', tree({ good: 9, 'nok/ok': 3 }), [/nok\/ok/]],
  ['deep among photos', tree({ '2026/05': 9, '2026/05/Ausschuss': 3 }), [/2026\/05\/Ausschuss \(3 images\)/]],
  [
    'several categories',
    tree({ 'a/good': 9, 'a/bad': 2, 'b/good': 9 }),
    [/several data sets: a, b/, /category/],
  ],
  [
    'MVTec as a whole',
    tree({ 'a/train/good': 9, 'a/test/hole': 2, 'b/train/good': 9 }),
    [/several data sets: a, b/],
  ],
  [
    'COCO export',
    [...tree({ train: 9, valid: 2 }), 'train/_annotations.coco.json'],
    [/annotated \(_annotations/],
  ],
  [
    'YOLO export',
    [...tree({ 'train/images': 9 }), 'train/labels/0.txt', 'data.yaml'],
    [/annotated \(0.txt\)/],
  ],
  ['VOC export', [...tree({ '.': 9 }), '3.xml'], [/annotated \(3.xml\)/]],
  ['LabelMe', [...tree({ '.': 9 }), '3.json'], [/annotated \(3.json\)/]],
  [
    'images and masks only',
    tree({ images: 9, masks: 4 }),
    [/trained on have masks: images\/0.png, masks\/0.png/],
  ],
  ['images and labels only', tree({ images: 9, labels: 4 }), [/trained on have masks: images\/0.png/]],
  ['masks beside photos', [...tree({ '.': 9 }), '3_mask.png'], [/trained on have masks: 3.png, 3_mask.png/]],
  [
    'masks in train',
    tree({ 'train/images': 9, 'train/masks': 4, 'test/images': 2 }),
    [/have masks: train\/images\/0.png/],
  ],
  [
    'a mask for two splits',
    [...tree({ 'train/ok': 9, 'valid/ng': 1, 'test/ng': 1 }), 'masks/ng/0.png'],
    [/masks\/ng\/0\.png may be the mask of (test|valid)\/ng\/0\.png or of (test|valid)\/ng\/0\.png/],
  ],
  ['a ZIP in the folder', ['parts.zip'], [/1 ZIP \(parts.zip\)/, /unpack the archives/]],
  ['ok.zip and nok.zip', ['ok.zip', 'nok.zip'], [/2 ZIP/, /unpack the archives/]],
  ['MVTec in a tar', ['bottle.tar.xz'], [/1 TAR \(bottle.tar.xz\)/, /unpack the archives/]],
  [
    'HEIC only',
    ['1.heic', '2.HEIC', '3.gif'],
    [/no training images/, /2 HEIC, 1 GIF/, /convert the files to PNG or JPEG/],
  ],
  ['nothing', ['readme.txt'], [/no training images/]],
  ['masks only', tree({ masks: 4 }), [/no training images/]],
];

async function plant(files: readonly string[]): Promise<string> {
  const root = await makeTree(pngs(...files.filter((path) => !path.endsWith('/'))));
  for (const path of files) if (path.endsWith('/')) await mkdir(join(root, path), { recursive: true });
  return root;
}

describe('kind folder', () => {
  for (const [name, files, expected, options] of cases) {
    if (Array.isArray(expected)) {
      it(`asks about ${name}`, async () => {
        const root = await plant(files);
        const error = await openDataset({ kind: 'folder', root, ...options }).catch((e: unknown) => e);
        expect(error).toBeInstanceOf(DatasetError);
        const { message, remedy } = error as DatasetError;
        for (const pattern of expected) expect(message).toMatch(pattern);
        expect(message).not.toContain('\n');
        expect(remedy.length).toBeGreaterThan(10);
      });
      continue;
    }
    it(`understands ${name}`, async () => {
      const root = await plant(files);
      const { train, test, validation = [] } = await openDataset({ kind: 'folder', root, ...options });
      const places = (samples: typeof test) => [
        ...new Set(samples.map(({ id }) => id.split('/').slice(0, -1).join('/') || '.')),
      ];
      const taken = (samples: typeof test) =>
        Object.fromEntries(
          samples.map(({ id, label, defect }) => [
            id.split('/').slice(0, -1).join('/'),
            `${label} ${defect}`,
          ]),
        );
      expect(places(train)).toEqual(expected.train);
      expect(train.length).toBe(GOOD.length);
      expect(train.every(({ label, defect }) => label === 0 && defect === 'good')).toBe(true);
      expect(taken(test)).toEqual(expected.test ?? {});
      expect(taken(validation)).toEqual(expected.validation ?? {});
      const masks = [...test, ...validation]
        .filter(({ maskPath }) => maskPath !== undefined)
        .map(({ id, maskPath }) => [id, relative(root, maskPath!).split(sep).join('/')]);
      expect(Object.fromEntries(masks)).toEqual(expected.masks ?? {});
    });
  }

  it('never trains below a folder with the name of defects, in any tree', async () => {
    const names =
      'good ok train test valid images hole 2026 nok Fehler défaut 不良 n.i.O. ok_nok positive masks a'.split(
        ' ',
      );
    let state = 11;
    const random = (n: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % n;
    };
    const outcomes = { understood: 0, asked: 0 };
    for (let round = 0; round < 150; round++) {
      const used = Array.from({ length: 2 + random(3) }, () => names[random(names.length)]!);
      const files = Array.from({ length: 1 + random(8) }, (_, i) =>
        [...Array.from({ length: random(4) }, () => used[random(used.length)]!), `${i}.png`].join('/'),
      );
      const root = await plant(files);
      try {
        const { train, test, validation = [] } = await openDataset({ kind: 'folder', root });
        outcomes.understood++;
        for (const { id } of train)
          expect(id).not.toMatch(/nok|Fehler|défaut|不良|n\.i\.O\.|positive|masks\//);
        const ids = [...train, ...test, ...validation].map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      } catch (error) {
        if (!(error instanceof DatasetError)) throw error;
        outcomes.asked++;
      }
    }
    // Both happen, or the trees say nothing.
    expect(Math.min(outcomes.understood, outcomes.asked)).toBeGreaterThan(20);
  });

  it('takes the folders that are given for what they are called', async () => {
    const root = await plant(tree({ ok: 9, nok: 3, new: 2 }));
    const open = (at: string, test: string) =>
      openDataset({ kind: 'folder', root: join(root, at), test: join(root, test) });
    const labels = async (at: string, test: string) =>
      (await open(at, test)).test.map(({ label, defect }) => `${label} ${defect}`);
    expect(await labels('ok', 'nok')).toEqual(Array(3).fill('1 nok'));
    expect(await labels('ok', 'new')).toEqual(Array(2).fill('undefined unknown'));
    expect((await open('ok', 'nok')).train.length).toBe(9);
    await expect(open('nok', 'ok')).rejects.toThrow(
      /bears the name of defects.*give the folder of the good images as root/,
    );
    // A folder of tests elsewhere takes the place of the one inside.
    const other = await plant(tree({ train: 9, test: 2 }));
    expect((await openDataset({ kind: 'folder', root: other, test: join(root, 'nok') })).test.length).toBe(3);
  });

  it('asks whichever way the bad ones come into the folder', async () => {
    const bad = await plant(tree({ '.': 3 }));
    const root = await plant(tree({ photos: 9 }));
    await symlink(bad, join(root, 'Fehler'));
    await expect(openDataset({ kind: 'folder', root })).rejects.toThrow(
      'Fehler (3 images), photos (9 images)',
    );
  });

  it('refuses an archive for a folder, by name', async () => {
    const root = await makeTree({ 'parts.zip': 'PK' });
    const error = await openDataset({ kind: 'folder', root: join(root, 'parts.zip') }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(DatasetError);
    expect((error as DatasetError).code).toBe('archive');
    expect((error as DatasetError).message).toMatch(/parts\.zip is an archive.*unpack it/);
  });

  it('lists the files it does not read, in the tests, too', async () => {
    const root = await plant([...tree({ '.': 9 }), '1.heic', 'a/2.HEIC', '3.gif']);
    const test = await plant([...tree({ '.': 2 }), '4.avif']);
    const { ignored } = await openDataset({ kind: 'folder', root, test });
    expect(ignored.map(({ format, paths }) => [format, ...paths.map((path) => basename(path))])).toEqual([
      ['HEIC', '1.heic', '2.HEIC'],
      ['AVIF', '4.avif'],
      ['GIF', '3.gif'],
    ]);
  });
});
