import { relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree, plainPng, pngs } from '../testing/tree.js';
import { loadMask } from './load-mask.js';
import { openDataset } from './open-dataset.js';
import type { Sample } from './sample.js';

/** One line per sample: split, label, defect, id, mask. */
const lines = (root: string, samples: readonly Sample[]) =>
  samples.map(({ split, label, defect, id, maskPath }) => {
    const mask = maskPath === undefined ? '-' : relative(root, maskPath).split(sep).join('/');
    return `${split} ${label} ${defect} ${id} ${mask}`;
  });

describe('openDataset, MVTec layout', () => {
  it('lists both splits by path and finds masks by stem, with every quirk of real trees', async () => {
    const root = await makeTree({
      ...pngs(
        'büchse 1/train/good/001.png',
        'büchse 1/train/good/000.JPG',
        'büchse 1/train/good/.hidden.png',
      ),
      ...pngs(
        'büchse 1/test/good/000.png',
        'büchse 1/test/riß oben/002.jpeg',
        'büchse 1/test/riß oben/000.png',
      ),
      ...pngs('büchse 1/test/riß oben/001.png', 'büchse 1/ground_truth/riß oben/002_mask.png'),
      ...pngs('büchse 1/ground_truth/riß oben/000_mask.PNG', 'büchse 1/test/combined/000.png'),
      'büchse 1/train/good/Thumbs.db': 'x',
      'büchse 1/readme.txt': 'x',
      'büchse 1/test/stray.png': undefined,
    });
    const { train, test, category } = await openDataset({ kind: 'mvtec', root, category: 'büchse 1' });
    expect(category).toBe('büchse 1');
    expect(lines(root, train)).toEqual([
      'train 0 good büchse 1/train/good/000.JPG -',
      'train 0 good büchse 1/train/good/001.png -',
    ]);
    expect(lines(root, test)).toEqual([
      'test 1 combined büchse 1/test/combined/000.png -',
      'test 0 good büchse 1/test/good/000.png -',
      'test 1 riß oben büchse 1/test/riß oben/000.png büchse 1/ground_truth/riß oben/000_mask.PNG',
      'test 1 riß oben büchse 1/test/riß oben/001.png -',
      'test 1 riß oben büchse 1/test/riß oben/002.jpeg büchse 1/ground_truth/riß oben/002_mask.png',
    ]);
    const backslashes = await openDataset({
      kind: 'mvtec',
      root: root.replaceAll('/', '\\'),
      category: 'büchse 1',
    });
    expect(backslashes.train).toEqual(train);
  });

  it('says what is missing, and names what is there', async () => {
    const root = await makeTree(
      pngs('bottle/train/good/000.png', 'cable/train/good/000.png', 'empty/train/good/.hidden/y.png'),
    );
    const open = (options: { root?: string; category?: string }) =>
      openDataset({ kind: 'mvtec', root, ...options });
    await expect(open({ root: `${root}/nowhere` })).rejects.toThrow(
      `openDataset: there is no folder ${root}/nowhere`,
    );
    await expect(open({ category: 'botle' })).rejects.toThrow(
      `no category 'botle' in ${root}; there are: bottle, cable`,
    );
    await expect(open({})).rejects.toThrow(`needs a category of ${root}; there are: bottle, cable`);
    await expect(open({ category: 'empty' })).rejects.toThrow('no training images');
    // @ts-expect-error a layout that does not exist
    await expect(openDataset({ kind: 'imagenet', root })).rejects.toThrow("got 'imagenet'");
  });
});

describe('openDataset, folder', () => {
  it('takes all images below as good ones', async () => {
    const root = await makeTree(pngs('a.png', '2026/05/b.jpg', '.trash/c.png', 'notes.md'));
    const { train, test } = await openDataset({ kind: 'folder', root });
    expect(lines(root, train)).toEqual(['train 0 good 2026/05/b.jpg -', 'train 0 good a.png -']);
    expect(test).toEqual([]);
  });

  it('keeps unsorted test images of unknown label, anomalous with a mask', async () => {
    const root = await makeTree(pngs('a.png', 'test/x.png', 'test/y.png', 'ground_truth/y.png'));
    const { train, test } = await openDataset({ kind: 'folder', root });
    expect(lines(root, train)).toEqual(['train 0 good a.png -']);
    expect(lines(root, test)).toEqual([
      'test undefined unknown test/x.png -',
      'test 1 unknown test/y.png ground_truth/y.png',
    ]);
  });

  it('reads train and a sorted test folder elsewhere', async () => {
    const root = await makeTree(pngs('train/a.png'));
    const other = await makeTree(pngs('good/g.png', 'dent/deep/d.png', 'ground_truth/dent/d_mask.png'));
    const { test } = await openDataset({ kind: 'folder', root, test: other, masks: `${other}/ground_truth` });
    expect(test.map(({ label, defect, maskPath }) => [label, defect, maskPath !== undefined])).toEqual([
      [1, 'dent', true],
      [0, 'good', false],
    ]);
    await expect(openDataset({ kind: 'folder', root, test: '/no/such' })).rejects.toThrow('option test');
  });

  it('reads good/ beside folders named after defects', async () => {
    const root = await makeTree(pngs('good/a.png', 'dent/b.png', 'ground_truth/dent/b.png'));
    const { train, test } = await openDataset({ kind: 'folder', root });
    expect(lines(root, train)).toEqual(['train 0 good good/a.png -']);
    expect(lines(root, test)).toEqual(['test 1 dent dent/b.png ground_truth/dent/b.png']);
  });

  it('refuses a folder without images', async () => {
    const root = await makeTree({ 'readme.txt': 'x' });
    await expect(openDataset({ kind: 'folder', root })).rejects.toThrow('no training images');
  });
});

describe('openDataset, other layouts', () => {
  const csv = [
    'object,split,label,image,mask',
    'candle,train,normal,candle/Data/Images/Normal/0001.JPG,',
    'candle,train,normal,candle/Data/Images/Normal/0000.JPG,',
    'candle,test,normal,candle/Data/Images/Normal/0002.JPG,',
    'candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png',
    'pcb1,train,normal,pcb1\\Data\\Images\\Normal\\0000.JPG,',
    '',
  ].join('\r\n');

  it('reads VisA through its CSV', async () => {
    const root = await makeTree({
      'split_csv/1cls.csv': csv,
      'candle/Data/Masks/Anomaly/000.png': plainPng(3),
    });
    const { train, test } = await openDataset({ kind: 'visa', root, category: 'candle' });
    expect(lines(root, train)).toEqual([
      'train 0 good candle/Data/Images/Normal/0000.JPG -',
      'train 0 good candle/Data/Images/Normal/0001.JPG -',
    ]);
    expect(lines(root, test)).toEqual([
      'test 1 bad candle/Data/Images/Anomaly/000.JPG candle/Data/Masks/Anomaly/000.png',
      'test 0 good candle/Data/Images/Normal/0002.JPG -',
    ]);
    expect((await loadMask(test[0]!, { size: [2, 2] }))!.every((value) => value === 255)).toBe(true);
    const pcb = await openDataset({ kind: 'visa', root, category: 'pcb1' });
    expect(pcb.train[0]!.id).toBe('pcb1/Data/Images/Normal/0000.JPG');
    await expect(openDataset({ kind: 'visa', root, category: 'pcb9' })).rejects.toThrow(
      'there are: candle, pcb1',
    );
  });

  it('names the line of a CSV that does not fit', async () => {
    const broken = async (line: string) => {
      const root = await makeTree({ 'split_csv/1cls.csv': `object,split,label,image,mask\r\n${line}\r\n` });
      return openDataset({ kind: 'visa', root, category: 'candle' });
    };
    await expect(broken('candle,train,normal,a.jpg')).rejects.toThrow(
      '1cls.csv, line 2: needs 5 fields, got 4',
    );
    await expect(broken('candle,trian,normal,a.jpg,')).rejects.toThrow(
      "line 2: split is train or test, got 'trian'",
    );
    await expect(broken('candle,train,normal,../../a.jpg,')).rejects.toThrow("leaves the data set's folder");
    await expect(broken('candle,train,normal,C:\\a.jpg,')).rejects.toThrow("leaves the data set's folder");
  });

  it('reads VisA prepared', async () => {
    const root = await makeTree(
      pngs(
        '1cls/candle/train/good/0.JPG',
        '1cls/candle/test/good/1.JPG',
        '1cls/candle/test/bad/0.JPG',
        '1cls/candle/ground_truth/bad/0.png',
      ),
    );
    const { train, test } = await openDataset({ kind: 'visa', root, category: 'candle' });
    expect(lines(root, train)).toEqual(['train 0 good 1cls/candle/train/good/0.JPG -']);
    expect(lines(root, test)).toEqual([
      'test 1 bad 1cls/candle/test/bad/0.JPG 1cls/candle/ground_truth/bad/0.png',
      'test 0 good 1cls/candle/test/good/1.JPG -',
    ]);
    await expect(
      openDataset({ kind: 'visa', root: `${root}/1cls/candle/test`, category: 'candle' }),
    ).rejects.toThrow('holds neither VisA as downloaded');
  });

  it('reads MTD: a seeded split by part, gray masks above 127', async () => {
    const files: Record<string, Uint8Array | undefined> = pngs('MT_Crack/Imgs/exp1_num_1.jpg');
    files['MT_Crack/Imgs/exp1_num_1.png'] = plainPng(127);
    for (let part = 0; part < 60; part++) {
      for (const shot of [1, 2, 3]) files[`MT_Free/Imgs/exp${shot}_num_${part}.jpg`] = undefined;
      files[`MT_Free/Imgs/exp1_num_${part}.png`] = undefined;
    }
    const root = await makeTree(files);
    const { train, test } = await openDataset({ kind: 'mtd', root });
    const parts = (samples: readonly Sample[]) => new Set(samples.map(({ id }) => /num_(\d+)/.exec(id)![1]));
    const goodTest = test.filter(({ label }) => label === 0);
    expect(train.length + goodTest.length).toBe(180);
    expect(goodTest.length).toBeGreaterThan(15);
    expect(goodTest.length).toBeLessThan(75);
    expect([...parts(goodTest)].filter((part) => parts(train).has(part))).toEqual([]);
    expect((await openDataset({ kind: 'mtd', root, seed: 1 })).train).not.toEqual(train);
    const crack = test.find(({ label }) => label === 1)!;
    expect(crack.defect).toBe('Crack');
    expect((await loadMask(crack, { size: [3, 4] }))!.every((value) => value === 0)).toBe(true);
  });

  it('reads BTAD, MPDD, LOCO and MVTec AD 2', async () => {
    const root = await makeTree({
      ...pngs('01/train/ok/0.bmp', '01/test/ok/1.bmp', '01/test/ko/2.bmp', '01/ground_truth/ko/2.png'),
      ...pngs('tube/train/good/0.png', 'tube/test/flat/0.png', 'tube/ground_truth/flat/0_mask.png'),
      ...pngs('box/train/good/0.png', 'box/validation/good/1.png', 'box/test/good/0.png'),
      ...pngs('box/test/logical_anomalies/003.png'),
      'box/ground_truth/logical_anomalies/003/000.png': plainPng(200),
      'box/ground_truth/logical_anomalies/003/001.png': plainPng(0),
      ...pngs('can/train/good/0.png', 'can/validation/good/0.png', 'can/test_public/good/0.png'),
      ...pngs(
        'can/test_public/bad/5.png',
        'can/test_public/ground_truth/bad/5_mask.png',
        'can/test_private/000_regular.png',
        'can/test_private_mixed/000_mixed.png',
      ),
    });
    const btad = await openDataset({ kind: 'btad', root, category: '01' });
    expect(lines(root, btad.train)).toEqual(['train 0 good 01/train/ok/0.bmp -']);
    expect(lines(root, btad.test)).toEqual([
      'test 1 ko 01/test/ko/2.bmp 01/ground_truth/ko/2.png',
      'test 0 good 01/test/ok/1.bmp -',
    ]);
    const mpdd = await openDataset({ kind: 'mpdd', root, category: 'tube' });
    expect(lines(root, mpdd.test)).toEqual([
      'test 1 flat tube/test/flat/0.png tube/ground_truth/flat/0_mask.png',
    ]);
    const loco = await openDataset({ kind: 'loco', root, category: 'box' });
    expect(lines(root, loco.validation!)).toEqual(['validation 0 good box/validation/good/1.png -']);
    expect(lines(root, loco.test)).toEqual([
      'test 0 good box/test/good/0.png -',
      'test 1 logical_anomalies box/test/logical_anomalies/003.png box/ground_truth/logical_anomalies/003',
    ]);
    expect((await loadMask(loco.test[1]!, { size: [3, 4] }))!.every((value) => value === 255)).toBe(true);
    const mvtec2 = await openDataset({ kind: 'mvtec2', root, category: 'can' });
    expect(mvtec2.validation!.length).toBe(1);
    expect(lines(root, mvtec2.test)).toEqual([
      'test 1 bad can/test_public/bad/5.png can/test_public/ground_truth/bad/5_mask.png',
      'test 0 good can/test_public/good/0.png -',
    ]);
    expect(lines(root, mvtec2.privateTest!)).toEqual([
      'test undefined unknown can/test_private/000_regular.png -',
      'test undefined unknown can/test_private_mixed/000_mixed.png -',
    ]);
  });
});

it('says what it needs where options are wrong', async () => {
  const open = openDataset as (options: unknown) => Promise<unknown>;
  await expect(open(null)).rejects.toThrow(
    'openDataset: needs { kind, root } with the path of a folder, got root',
  );
  await expect(open({ kind: 'folder', root: new URL('file:///x') })).rejects.toThrow('got root file:///x');
  await expect(open({ kind: 'folder', root: 'x', mask: 'y' })).rejects.toThrow(
    "openDataset: there is no option 'mask', the nearest is 'masks'; there are: kind, root, category, test, masks, seed, visaSplit",
  );
});
