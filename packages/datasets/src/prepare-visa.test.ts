import { readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { encodePng } from '@ddad/images';
import { describe, expect, it } from 'vitest';
import { makeTree, plainPng } from '../testing/tree.js';
import { loadMask } from './load-mask.js';
import { openDataset } from './open-dataset.js';
import { prepareVisa } from './prepare-visa.js';

const ROWS = [
  'candle,train,normal,candle/Data/Images/Normal/0000.JPG,',
  'candle,train,normal,candle/Data/Images/Normal/0001.JPG,',
  'candle,test,normal,candle/Data/Images/Normal/0002.JPG,',
  'candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png',
  'candle,test,anomaly,candle/Data/Images/Anomaly/001.JPG,candle/Data/Masks/Anomaly/001.png',
  'pcb1,train,normal,pcb1/Data/Images/Normal/0000.JPG,',
];

async function visaTree(name = '1cls', rows = ROWS) {
  const files: Record<string, Uint8Array | string> = {
    [`split_csv/${name}.csv`]: ['object,split,label,image,mask', ...rows, ''].join('\r\n'),
  };
  for (const [i, row] of rows.entries()) {
    const [, , , image, mask] = row.split(',') as [string, string, string, string, string];
    files[image] = plainPng(40 + i);
    const ids = Uint8Array.of(0, 1, 9, 0, 0, 0, i, 0, 0, 0, 0, 0);
    if (mask) files[mask] = encodePng({ data: ids, width: 4, height: 3, channels: 1 });
  }
  return makeTree(files);
}

describe('prepareVisa', () => {
  it('gives the samples and masks of the downloaded layout', async () => {
    const root = await visaTree();
    const out = await makeTree({});
    const { folder, counts, kept } = await prepareVisa({ root, out });
    expect(folder).toBe(join(out, '1cls'));
    expect(counts).toEqual({ trainGood: 3, trainBad: 0, testGood: 1, testBad: 2, masks: 2 });
    expect(kept).toBe(0);
    const raw = await openDataset({ kind: 'visa', root, category: 'candle' });
    const prepared = await openDataset({ kind: 'visa', root: out, category: 'candle' });
    for (const split of ['train', 'test'] as const) {
      expect(
        prepared[split].map(({ label, defect, imagePath }) => [label, defect, basename(imagePath)]),
      ).toEqual(raw[split].map(({ label, defect, imagePath }) => [label, defect, basename(imagePath)]));
      for (const [i, sample] of prepared[split].entries()) {
        expect(await readFile(sample.imagePath)).toEqual(await readFile(raw[split][i]!.imagePath));
        const size = [3, 4] as const;
        expect(await loadMask(sample, { size })).toEqual(await loadMask(raw[split][i]!, { size }));
      }
    }
    const mask = await loadMask(prepared.test[0]!, { size: [3, 4] });
    expect([...mask!]).toEqual([0, 255, 255, 0, 0, 0, 255, 0, 0, 0, 0, 0]);
  });

  it('continues where it was interrupted', async () => {
    const root = await visaTree();
    const out = await makeTree({});
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 3 && controller.abort(new Error('stop'));
    await expect(prepareVisa({ root, out, onProgress, signal: controller.signal })).rejects.toThrow('stop');
    expect((await prepareVisa({ root, out })).kept).toBe(3);
    expect((await prepareVisa({ root, out })).kept).toBe(8);
  });

  it('takes a CSV from elsewhere, whose name ends in its split', async () => {
    const root = await visaTree('visa_1cls');
    const splitCsv = join(root, 'split_csv', 'visa_1cls.csv');
    const { folder, counts } = await prepareVisa({ root, out: await makeTree({}), splitCsv });
    expect(basename(folder)).toBe('1cls');
    expect(counts.masks).toBe(2);
  });

  it('writes PNG images and masks under their name with png', async () => {
    const root = await visaTree();
    const out = await makeTree({});
    await prepareVisa({ root, out, png: true });
    for (const name of ['test/bad/000.png', 'ground_truth/bad/000.png', 'train/good/0000.png']) {
      expect((await stat(join(out, '1cls', 'candle', name))).isFile()).toBe(true);
    }
  });

  it('keeps masks of training images apart in the two-class splits', async () => {
    const rows = ROWS.map((row, i) => (i === 3 ? row.replace('test', 'train') : row));
    const root = await visaTree('2cls_fewshot', rows);
    const out = await makeTree({});
    const splitCsv = join(root, 'split_csv', '2cls_fewshot.csv');
    const { counts } = await prepareVisa({ root, splitCsv, out });
    const again = await prepareVisa({ root, split: '2cls_fewshot', out });
    expect(again).toMatchObject({ counts, kept: 8 });
    expect(counts).toEqual({ trainGood: 3, trainBad: 1, testGood: 1, testBad: 1, masks: 2 });
    expect((await stat(join(out, '2cls_fewshot/candle/ground_truth/train/bad/000.png'))).isFile()).toBe(true);
    const { train } = await openDataset({
      kind: 'visa',
      root: out,
      category: 'candle',
      visaSplit: '2cls_fewshot',
    });
    expect(train.map(({ label, maskPath }) => [label, maskPath !== undefined])).toEqual([
      [1, true],
      [0, false],
      [0, false],
    ]);
  });

  it('refuses masks that would be lost, by name', async () => {
    const other = 'candle,test,anomaly,candle/Data/Images/Anomaly/007.JPG,candle/Data/Masks/Anomaly/8.png';
    const root = await visaTree('1cls', [...ROWS, other]);
    const out = await makeTree({});
    await expect(prepareVisa({ root, out })).rejects.toThrow(
      'the mask candle/Data/Masks/Anomaly/8.png is not named after its image candle/Data/Images/Anomaly/007.JPG',
    );
    expect((await prepareVisa({ root, out, png: true })).counts.masks).toBe(3);
    const prepared = await openDataset({ kind: 'visa', root: out, category: 'candle' });
    expect(prepared.test.filter(({ label, maskPath }) => label === 1 && maskPath === undefined)).toEqual([]);

    const twice = 'candle,test,anomaly,candle/Data/Images/Anomaly/001.PNG,candle/Data/Masks/More/001.png';
    const same = await visaTree('1cls', [...ROWS, twice]);
    await expect(prepareVisa({ root: same, out: await makeTree({}) })).rejects.toThrow(
      /candle\/Data\/Masks\/Anomaly\/001\.png and candle\/Data\/Masks\/More\/001\.png would both become/,
    );
  });

  it('names what is missing', async () => {
    const root = await visaTree();
    await rm(join(root, 'candle/Data/Images/Normal/0001.JPG'));
    const out = await makeTree({});
    await expect(prepareVisa({ root, out })).rejects.toThrow('0001.JPG');
    await expect(prepareVisa({ root: join(root, 'no'), out })).rejects.toThrow(
      'prepareVisa: there is no folder',
    );
    await expect(prepareVisa({ root, out, splitCsv: join(root, 'x.csv') })).rejects.toThrow(
      'x.csv is not named after one of 1cls, 2cls_highshot, 2cls_fewshot; say which split it is',
    );
    await expect(prepareVisa({ root, out, split: '2cls_fewshot' })).rejects.toThrow(
      join('split_csv', '2cls_fewshot.csv'),
    );
  });
});
