import { mkdir, rename, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree, pngs } from '../../testing/tree.js';
import { checkDataset } from '../check-dataset.js';
import { DatasetError } from '../dataset-error.js';
import { type OpenDatasetOptions, openDataset } from '../open-dataset.js';
import type { DatasetKind } from '../sample.js';

/** Where a layout keeps things; `name` may have folders. */
interface Places {
  kind: DatasetKind;
  category?: string;
  train: (name: string) => string;
  image: (name: string, extension?: string) => string;
  mask: (name: string, suffix?: string) => string;
  /** Where a mask is to be found, if it is not the file itself. */
  maskPath?: (name: string) => string;
}

const mvtecLike = (kind: DatasetKind, defect = 'crack'): Places => ({
  kind,
  category: 'nut',
  train: (name) => `nut/train/good/${name}.png`,
  image: (name, extension = 'png') => `nut/test/${defect}/${name}.${extension}`,
  mask: (name, suffix = '_mask.png') => `nut/ground_truth/${defect}/${name}${suffix}`,
});

const layouts: Record<string, Places> = {
  mvtec: mvtecLike('mvtec'),
  mpdd: mvtecLike('mpdd'),
  folder: mvtecLike('folder'),
  loco: {
    ...mvtecLike('loco', 'logical_anomalies'),
    mask: (name, suffix) =>
      suffix === undefined
        ? `nut/ground_truth/logical_anomalies/${name}/000.png`
        : `nut/ground_truth/logical_anomalies/${name}${suffix}`,
    maskPath: (name) => `nut/ground_truth/logical_anomalies/${name}`,
  },
  mvtec2: {
    ...mvtecLike('mvtec2'),
    image: (name, extension = 'png') => `nut/test_public/bad/${name}.${extension}`,
    mask: (name, suffix = '_mask.png') => `nut/test_public/ground_truth/bad/${name}${suffix}`,
  },
  btad: {
    kind: 'btad',
    category: '01',
    train: (name) => `01/train/ok/${name}.bmp`,
    image: (name, extension = 'bmp') => `01/test/ko/${name}.${extension}`,
    mask: (name, suffix = '.png') => `01/ground_truth/ko/${name}${suffix}`,
  },
  mtd: {
    kind: 'mtd',
    train: (name) => `MT_Free/Imgs/${name}_num_${7 * name.length}.jpg`,
    image: (name, extension = 'jpg') => `MT_Crack/Imgs/${name}.${extension}`,
    mask: (name, suffix = '.png') => `MT_Crack/Imgs/${name}${suffix}`,
  },
  'visa prepared': {
    kind: 'visa',
    category: 'candle',
    train: (name) => `1cls/candle/train/good/${name}.JPG`,
    image: (name, extension = 'JPG') => `1cls/candle/test/bad/${name}.${extension}`,
    mask: (name, suffix = '.png') => `1cls/candle/ground_truth/bad/${name}${suffix}`,
  },
};

/** Good images for training, so many that each split of MTD has some. */
const goodNames = ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff', 'ggggggg', 'hhhhhhhh'];

for (const [layout, places] of Object.entries(layouts)) {
  const { kind, category, train, image, mask, maskPath = mask } = places;
  const treeOf = (...files: string[]) => makeTree(pngs(...goodNames.map(train), ...files));
  const optionsOf = (root: string): OpenDatasetOptions => ({ kind, root, category });
  const open = (root: string) => openDataset(optionsOf(root));
  /** Masks of the anomalous images by image. */
  const pairs = async (root: string) => {
    const name = (path: string | undefined) =>
      path === undefined ? undefined : relative(root, path).split(sep).join('/').normalize('NFC');
    const { test } = await open(root);
    const anomalous = test.filter(({ label }) => label === 1);
    return Object.fromEntries(anomalous.map((one) => [name(one.imagePath), name(one.maskPath)]));
  };
  const codes = async (root: string, ...wanted: string[]) => {
    const { problems } = await checkDataset({ ...optionsOf(root), workers: 0 });
    return problems.filter(({ code }) => wanted.includes(code)).map(({ code, paths }) => [code, ...paths]);
  };

  describe(`${layout}, images and masks`, () => {
    it('are matched by path in nested folders', async () => {
      const root = await treeOf(
        image('a/000'),
        image('b/000'),
        image('001'),
        mask('a/000'),
        mask('b/000'),
        mask('001'),
      );
      expect(await pairs(root)).toEqual({
        [image('a/000')]: maskPath('a/000'),
        [image('b/000')]: maskPath('b/000'),
        [image('001')]: maskPath('001'),
      });
      expect(await codes(root, 'orphan-mask', 'missing-mask', 'unused-images', 'ambiguous-mask')).toEqual([]);
    });

    it('are refused by name where a mask may belong to two images', async () => {
      const flat = mask('000', '_mask.png');
      const root = await treeOf(image('a/000'), image('b/000'), flat);
      const error = await open(root).catch((e: Error) => e);
      for (const name of [image('a/000'), image('b/000'), flat])
        expect((error as Error).message).toContain(name);
      expect(await codes(root, 'orphan-mask', 'missing-mask', 'ambiguous-mask')).toEqual([
        ['ambiguous-mask', image('a/000'), image('b/000'), flat],
      ]);
    });

    it('are refused by name where two images differ in their extension only', async () => {
      const [one, other] = [image('000', 'jpg'), image('000', 'bmp')];
      const root = await treeOf(one, other, mask('000'));
      await expect(open(root)).rejects.toThrow(
        `openDataset: ${maskPath('000')} may be the mask of ${other} or of ${one}; keep each mask`,
      );
    });

    it('are refused by name where an image has two masks', async () => {
      const [one, other] = [mask('000'), mask('000', '_MASK.png')];
      const root = await treeOf(image('000'), one, other);
      const error = (await open(root).catch((e: Error) => e)) as Error;
      expect(error.message).toContain(`openDataset: ${image('000')} has 2 masks: `);
      expect(error.message).toContain(maskPath('000'));
      expect(error.message).toContain(other);
      const found = await codes(root, 'orphan-mask', 'missing-mask', 'ambiguous-mask');
      expect(found.map(([code]) => code)).toEqual(['ambiguous-mask']);
    });

    it('are matched whether letters are composed or not, and whatever the case of _mask', async () => {
      const name = 'Größe é';
      const root = await treeOf(
        image(`${name} 1`.normalize('NFD')),
        mask(`${name} 1`.normalize('NFC')),
        image(`${name} 2`.normalize('NFC')),
        mask(`${name} 2`.normalize('NFD')),
        image('3'),
        mask('3', '_MASK.PNG'),
      );
      expect(await pairs(root)).toEqual({
        [image(`${name} 1`)]: maskPath(`${name} 1`),
        [image(`${name} 2`)]: maskPath(`${name} 2`),
        [image('3')]: mask('3', '_MASK.PNG'),
      });
    });

    it('are orphans, each by name, where the other is missing', async () => {
      const root = await treeOf(image('000'), mask('000'), image('001'), mask('002'));
      expect(await pairs(root)).toEqual({ [image('000')]: maskPath('000'), [image('001')]: undefined });
      expect(await codes(root, 'orphan-mask')).toEqual([['orphan-mask', mask('002')]]);
      expect((await codes(root, 'missing-mask'))[0]).toContain(image('001'));
    });
  });

  it(`${layout} names the first of several ambiguities and counts the others`, async () => {
    const root = await treeOf(
      ...['0', '1', '2'].flatMap((name) => [image(name), mask(name), mask(name, '_MASK.png')]),
    );
    const error = (await open(root).catch((e: unknown) => e)) as DatasetError;
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.problems.map(({ paths }) => paths.includes(image('1')))).toEqual([false, true, false]);
    expect(error.message).toBe(`${error.reason}; ${error.remedy}`);
    expect(error.reason).toContain(`${image('0')} has 2 masks`);
    expect(error.reason).toContain('(and 2 more; checkDataset lists all)');
    expect((await codes(root, 'ambiguous-mask')).length).toBe(3);
  });

  describe(`${layout}, the tree`, () => {
    it('may have links, which do not lead in a circle, and hidden files', async () => {
      const files = [image('000'), mask('000'), image('a/001'), mask('a/001')];
      const root = await treeOf(...files);
      const plain = await open(root);
      const top = train('x').split('/')[0]!;
      // The category elsewhere, behind a link.
      const elsewhere = await makeTree({});
      await rename(join(root, top), join(elsewhere, 'moved'));
      await symlink(join(elsewhere, 'moved'), join(root, top));
      for (const [i, name] of [train('x'), image('x')].entries()) {
        const folder = join(root, dirname(name));
        await symlink(root, join(folder, `loop-${i}`));
        await symlink('..', join(folder, `up-${i}`));
        await symlink('.', join(folder, `self-${i}`));
        await mkdir(join(folder, '.hidden'));
      }
      for (const name of ['.DS_Store', '._000.png', 'Thumbs.db']) {
        await symlink(join(root, image('000')), join(root, dirname(image('000')), name));
        await symlink(join(root, train('a')), join(root, dirname(train('a')), name));
        await symlink(join(root, train('a')), join(root, dirname(train('a')), '.hidden', `${name}.png`));
      }
      const linked = await open(root);
      expect(linked.train).toEqual(plain.train);
      expect(linked.test).toEqual(plain.test);
      expect(await codes(root, 'unused-images', 'orphan-mask', 'missing-mask')).toEqual([]);
    });

    it('names what it cannot read', async () => {
      const root = await treeOf(
        image('000'),
        mask('000'),
        image('1', 'heic'),
        train('x').replace(/\.\w+$/, '.GIF'),
      );
      const { ignored } = await open(root);
      expect(ignored.map(({ format, paths }) => [format, paths.length])).toEqual([
        ['GIF', 1],
        ['HEIC', 1],
      ]);
      const [problem] = await codes(root, 'unread-files');
      expect(problem).toEqual(['unread-files', train('x').replace(/\.\w+$/, '.GIF'), image('1', 'heic')]);
    });

    it('is never trained on where a folder bears the name of defects', async () => {
      const root = await treeOf(train('nok/x'), train('deep/Fehler/y'), image('000'), mask('000'));
      const error = (await open(root).catch((e: Error) => e)) as Error;
      const folders = [dirname(train('nok/x')), dirname(train('deep/Fehler/y'))];
      for (const folder of folders) expect(error.message).toContain(folder.replace(/^nut\//, ''));
      expect(error.message).toMatch(/name of defects|defects by name|; good or not: /);
    });
  });

  if (category !== undefined) {
    it(`${layout} finds a category whichever way its letters are composed`, async () => {
      const umlaut = (path: string) => path.replace(new RegExp(`(^|/)${category}/`), `$1Mühle/`);
      const files = [...goodNames.map(train), image('000'), mask('000')].map(umlaut);
      for (const [onDisk, asked] of [
        ['NFC', 'NFD'],
        ['NFD', 'NFC'],
      ] as const) {
        const root = await makeTree(pngs(...files.map((path) => path.normalize(onDisk))));
        const { test } = await openDataset({ kind, root, category: 'Mühle'.normalize(asked) });
        expect(test.map(({ maskPath: path }) => path !== undefined)).toEqual([true]);
      }
    });
  }
}

describe('visa as downloaded', () => {
  const csv = (...rows: string[]) => ['object,split,label,image,mask', ...rows, ''].join('\r\n');
  const good = 'candle,train,normal,candle/Data/Images/Normal/0.JPG,';
  const bad = (image: string, mask: string) =>
    `candle,test,anomaly,candle/Data/Images/Anomaly/${image},candle/Data/Masks/Anomaly/${mask}`;

  it('finds its files whichever way their letters are composed, and behind links', async () => {
    const [nfc, nfd] = ['ä/é'.normalize('NFC'), 'ä/é'.normalize('NFD')];
    const root = await makeTree({
      'split_csv/1cls.csv': csv(good, bad(`${nfc}.JPG`, `${nfd}.png`)),
      ...pngs('moved/Data/Images/Normal/0.JPG'),
      ...pngs(`moved/Data/Images/Anomaly/${nfd}.JPG`, `moved/Data/Masks/Anomaly/${nfc}.png`),
    });
    await symlink(join(root, 'moved'), join(root, 'candle'));
    await symlink('..', join(root, 'moved', 'Data', 'loop'));
    const { test } = await openDataset({ kind: 'visa', root, category: 'candle' });
    expect(
      test.map(({ imagePath, maskPath }) => [relative(root, imagePath), relative(root, maskPath!)]),
    ).toEqual([[`candle/Data/Images/Anomaly/${nfd}.JPG`, `candle/Data/Masks/Anomaly/${nfc}.png`]]);
    const { problems } = await checkDataset({ kind: 'visa', root, category: 'candle', workers: 0 });
    expect(problems.map(({ code }) => code).sort()).not.toContain('orphan-mask');
    expect(problems.map(({ code }) => code)).not.toContain('unreadable');
  });

  it('refuses an image that is listed twice, by name', async () => {
    const root = await makeTree({
      'split_csv/1cls.csv': csv(good, bad('1.JPG', '1.png'), bad('1.JPG', '2.png')),
      ...pngs('candle/Data/Images/Normal/0.JPG', 'candle/Data/Images/Anomaly/1.JPG'),
      ...pngs('candle/Data/Masks/Anomaly/1.png', 'candle/Data/Masks/Anomaly/2.png'),
    });
    await expect(openDataset({ kind: 'visa', root, category: 'candle' })).rejects.toThrow(
      '1cls.csv lists candle/Data/Images/Anomaly/1.JPG 2 times, with the masks ' +
        'candle/Data/Masks/Anomaly/1.png and candle/Data/Masks/Anomaly/2.png',
    );
  });

  it('reports a mask that no line names', async () => {
    const root = await makeTree({
      'split_csv/1cls.csv': csv(good),
      ...pngs('candle/Data/Images/Normal/0.JPG', 'candle/Data/Masks/Anomaly/9.png'),
    });
    const { problems } = await checkDataset({ kind: 'visa', root, category: 'candle', workers: 0 });
    expect(problems.find(({ code }) => code === 'orphan-mask')!.paths).toEqual([
      'candle/Data/Masks/Anomaly/9.png',
    ]);
  });
});
