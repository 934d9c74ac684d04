import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng } from '@ddad/images';
import { describe, expect, it } from 'vitest';
import { makeTree, plainPng } from '../testing/tree.js';
import { worker } from '../testing/worker.js';
import { checkDataset } from './check-dataset.js';
import { makeSynthetic } from './make-synthetic.js';

const image = (value: number, channels = 3) =>
  encodePng({ data: new Uint8Array(12 * channels).fill(value), width: 4, height: 3, channels });
const mask = (...on: number[]) => {
  const data = new Uint8Array(12);
  for (const i of on) data[i] = 255;
  return encodePng({ data, width: 4, height: 3, channels: 1 });
};

function cleanTree(): Record<string, Uint8Array | string> {
  const files: Record<string, Uint8Array | string> = { 'nut/license.txt': 'free' };
  for (let i = 0; i < 8; i++) files[`nut/train/good/00${i}.png`] = image(i);
  for (let i = 0; i < 3; i++) files[`nut/test/good/00${i}.png`] = image(20 + i);
  for (let i = 0; i < 3; i++) {
    files[`nut/test/dent/00${i}.png`] = image(30 + i);
    files[`nut/ground_truth/dent/00${i}_mask.png`] = mask(i);
  }
  return files;
}

const check = (root: string) => checkDataset({ worker, kind: 'mvtec', root, category: 'nut' });

describe('checkDataset', () => {
  it('finds nothing in a clean tree and counts what is there', async () => {
    const report = await check(await makeTree(cleanTree()));
    expect(report).toEqual({
      ok: true,
      problems: [],
      counts: { train: { good: 8 }, test: { good: 3, dent: 3 } },
      sizes: { '4x3': 14 },
      channels: { 3: 14 },
      masks: { files: 3, values: [0, 255] },
    });
  });

  it('sees the defect in a mask of 16 bits whose values are 0 and 1', async () => {
    const files = cleanTree();
    const data = await readFile(new URL('../fixtures/mask-16bit.png', import.meta.url));
    for (const name of ['test/dent/000.png', 'ground_truth/dent/000_mask.png']) files[`nut/${name}`] = data;
    const { problems } = await check(await makeTree(files));
    expect(problems.map(({ code }) => code)).not.toContain('empty-mask');
    expect(problems.map(({ code }) => code)).not.toContain('mask-values');
  });

  it('names images of 16 bits whose low byte is lost, and none with a window', async () => {
    const deep = await readFile(new URL('../fixtures/mask-16bit.png', import.meta.url));
    const root = await makeTree({ ...cleanTree(), 'nut/train/good/000.png': deep });
    const options = { worker, kind: 'mvtec', root, category: 'nut' } as const;
    const { ok, problems } = await checkDataset(options);
    expect(ok).toBe(false); // gray among coloured ones
    expect(problems.find(({ code }) => code === 'deep')).toEqual({
      severity: 'warning',
      code: 'deep',
      message: '16 bits in 1 of 14 images, of which the high byte is taken: levels left of their 2: 1',
      remedy: 'State the window of values that counts, such as [0, 255] (data.window).',
      paths: ['nut/train/good/000.png'],
    });
    const windowed = await checkDataset({ ...options, window: [0, 1] });
    expect(windowed.problems.map(({ code }) => code)).not.toContain('deep');
  });

  it('finds nothing in a synthetic set', async () => {
    const out = await makeTree({});
    await makeSynthetic({ out, category: 'cap', size: 16, counts: { train: 8, testGood: 2, testDefect: 6 } });
    expect((await checkDataset({ worker, kind: 'mvtec', root: out, category: 'cap' })).problems).toEqual([]);
  });

  /** Each fault: what is planted in the clean tree, and the code, severity and file that must be reported. */
  const faults: [
    string,
    'error' | 'warning',
    string,
    (files: Record<string, Uint8Array | string>) => void,
  ][] = [
    [
      'unreadable',
      'error',
      'nut/train/good/003.png',
      (f) => Object.assign(f, { 'nut/train/good/003.png': 'text' }),
    ],
    ['missing-mask', 'error', 'nut/test/dent/001.png', (f) => delete f['nut/ground_truth/dent/001_mask.png']],
    [
      'orphan-mask',
      'error',
      'nut/ground_truth/dent/009_mask.png',
      (f) => Object.assign(f, { 'nut/ground_truth/dent/009_mask.png': mask(1) }),
    ],
    [
      'empty-mask',
      'error',
      'nut/ground_truth/dent/000_mask.png',
      (f) => Object.assign(f, { 'nut/ground_truth/dent/000_mask.png': mask() }),
    ],
    [
      'train-test-duplicate',
      'error',
      'nut/test/good/000.png',
      (f) => Object.assign(f, { 'nut/test/good/000.png': image(2) }),
    ],
    [
      'duplicate',
      'warning',
      'nut/train/good/001.png',
      (f) => Object.assign(f, { 'nut/train/good/001.png': image(2) }),
    ],
    [
      'mask-size',
      'error',
      'nut/ground_truth/dent/002_mask.png',
      (f) =>
        Object.assign(f, {
          'nut/ground_truth/dent/002_mask.png': encodePng({
            data: new Uint8Array(4).fill(255),
            width: 2,
            height: 2,
            channels: 1,
          }),
        }),
    ],
    [
      'mask-values',
      'error',
      'nut/ground_truth/dent/002_mask.png',
      (f) =>
        Object.assign(f, {
          'nut/ground_truth/dent/002_mask.png': encodePng({
            data: Uint8Array.from({ length: 12 }, (_, i) => i),
            width: 4,
            height: 3,
            channels: 1,
          }),
        }),
    ],
    [
      'mixed-channels',
      'error',
      'nut/train/good/005.png',
      (f) => Object.assign(f, { 'nut/train/good/005.png': image(99, 1) }),
    ],
    [
      'mixed-sizes',
      'warning',
      'nut/train/good/005.png',
      (f) =>
        Object.assign(f, {
          'nut/train/good/005.png': encodePng({ data: new Uint8Array(75), width: 5, height: 5, channels: 3 }),
        }),
    ],
    [
      'wrong-extension',
      'error',
      'nut/train/good/x.jpg',
      (f) => Object.assign(f, { 'nut/train/good/x.jpg': image(77) }),
    ],
    [
      'ambiguous-mask',
      'error',
      'nut/ground_truth/dent/001.png',
      (f) => Object.assign(f, { 'nut/ground_truth/dent/001.png': mask(5) }),
    ],
    [
      'unread-files',
      'warning',
      'nut/train/good/9.HEIC',
      (f) => Object.assign(f, { 'nut/train/good/9.HEIC': '' }),
    ],
    ['unused-images', 'error', 'nut/extra', (f) => Object.assign(f, { 'nut/extra/a.png': plainPng(1) })],
    [
      'missing-mask',
      'warning',
      'nut/test/rust/0.png',
      (f) => Object.assign(f, { 'nut/test/rust/0.png': image(88) }),
    ],
  ];
  for (const [code, severity, path, plant] of faults) {
    it(`finds ${code} (${severity}) and nothing else`, async () => {
      const files = cleanTree();
      plant(files);
      const { ok, problems } = await check(await makeTree(files));
      expect(problems.map((problem) => problem.code)).toEqual([code]);
      const [problem] = problems;
      expect(problem!.severity).toBe(severity);
      expect(ok).toBe(severity !== 'error');
      expect(problem!.paths).toContain(path);
      expect(problem!.message.length).toBeGreaterThan(10);
      expect(problem!.remedy.length).toBeGreaterThan(10);
    });
  }

  it('takes a mask that is gone for an error where its folder is there, even if it was the only one', async () => {
    const files = cleanTree();
    Object.assign(files, { 'nut/test/rust/0.png': image(88), 'nut/ground_truth/rust/notes.txt': '' });
    const { ok, problems } = await check(await makeTree(files));
    expect(problems.map(({ code, paths }) => [code, paths])).toEqual([
      ['missing-mask', ['nut/test/rust/0.png']],
    ]);
    expect(ok).toBe(false);
  });

  it('finds the mask of two images in nested folders, and says so once', async () => {
    const files: Record<string, Uint8Array | string> = {};
    for (let i = 0; i < 9; i++) files[`train/good/00${i}.png`] = image(i);
    files['test/good/000.png'] = image(20);
    files['test/crack/a/000.png'] = image(21);
    files['test/crack/b/000.png'] = image(22);
    files['ground_truth/crack/000_mask.png'] = mask(3);
    const root = await makeTree(files);
    const { ok, problems } = await checkDataset({ worker, kind: 'folder', root });
    expect(ok).toBe(false);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      [
        'ambiguous-mask',
        'ground_truth/crack/000_mask.png may be the mask of test/crack/a/000.png or of test/crack/b/000.png',
      ],
    ]);
  });

  it('asks what openDataset asks', async () => {
    const root = await makeTree({ 'nok/0.png': image(1), 'photos/0.png': image(2) });
    const { ok, problems } = await checkDataset({ worker, kind: 'auto', root });
    expect(ok).toBe(false);
    expect(problems.map(({ code, paths }) => [code, paths])).toEqual([['unclear-folders', ['nok']]]);
    const zipped = await makeTree({ 'parts.zip': 'PK' });
    expect((await checkDataset({ worker, kind: 'folder', root: zipped })).problems).toMatchObject([
      { code: 'archive', paths: ['parts.zip'] },
    ]);
    expect(
      (await checkDataset({ worker, kind: 'folder', root: join(zipped, 'parts.zip') })).problems,
    ).toMatchObject([{ code: 'archive' }]);
  });

  it('calls the top folder by a name', async () => {
    const root = await makeTree({ 'good/0.png': image(1), 'loose.png': image(2), 'nok/1.png': image(3) });
    const { problems } = await checkDataset({ worker, kind: 'folder', root });
    expect(problems.flatMap(({ paths }) => paths)).not.toContain('');
    expect(problems.find(({ code }) => code === 'unused-images')).toMatchObject({
      message: '1 image in the top folder, which the layout does not know',
      paths: ['.'],
    });
  });

  it('counts files that it does not read, by format', async () => {
    const files = cleanTree();
    for (const name of ['a.heic', 'b.HEIC', 'c.gif', '.d.gif']) files[`nut/test/dent/${name}`] = 'x';
    const { problems } = await check(await makeTree(files));
    expect(problems).toEqual([
      {
        severity: 'warning',
        code: 'unread-files',
        message: 'files that are not read: 2 HEIC, 1 GIF (c.gif)',
        remedy: 'Convert the files to PNG or JPEG.',
        paths: ['nut/test/dent/a.heic', 'nut/test/dent/b.HEIC', 'nut/test/dent/c.gif'],
      },
    ]);
  });

  it('knows the private test images of MVTec AD 2', async () => {
    const files: Record<string, Uint8Array | string> = {};
    for (let i = 0; i < 8; i++) files[`can/train/good/00${i}.png`] = image(i);
    files['can/validation/good/0.png'] = image(10);
    files['can/test_public/good/0.png'] = image(11);
    files['can/test_public/bad/0.png'] = image(12);
    files['can/test_public/ground_truth/bad/0_mask.png'] = mask(3);
    files['can/test_private/0.png'] = image(13);
    files['can/test_private_mixed/0.png'] = image(14);
    const root = await makeTree(files);
    expect((await checkDataset({ worker, kind: 'mvtec2', root, category: 'can' })).problems).toEqual([]);
  });

  it('reports a data set that does not open', async () => {
    const { ok, problems } = await check(await makeTree({ 'readme.txt': '' }));
    expect(ok).toBe(false);
    expect(problems[0]!.code).toBe('cannot-open');
    expect(problems[0]!.message).toContain("no category 'nut'");
    const [missing] = (await check('/no/such/folder')).problems;
    expect(missing).toMatchObject({
      code: 'no-folder',
      message: 'openDataset: there is no folder /no/such/folder',
    });
  });

  it('reports a file that VisA lists and is not there', async () => {
    const csv = ['object,split,label,image,mask', 'a,train,normal,a/Data/Images/Normal/0.JPG,'].join('\r\n');
    const root = await makeTree({ 'split_csv/1cls.csv': csv });
    await writeFile(join(root, 'x'), '');
    const { problems } = await checkDataset({ worker, kind: 'visa', root, category: 'a' });
    expect(problems[0]!.message).toBe('a/Data/Images/Normal/0.JPG cannot be read: there is no such file');
  });
});
