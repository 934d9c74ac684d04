import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree, pngs } from '../../testing/tree.js';
import { checkDataset } from '../check-dataset.js';
import { openDataset } from '../open-dataset.js';
import type { Sample } from '../sample.js';
import { globPattern } from './glob.js';
import { parseCsv } from './parse-csv.js';
import { imagesOfList } from './read-list.js';

const told = (samples: Sample[] = []) =>
  samples.map(({ id, label, defect, maskPath }) => [id, label, defect, maskPath?.split(/[/\\]/).at(-1)]);
const images = pngs('a/1.png', 'a/2.png', 'a/3.png', 'b/4.png', 'b/5.png', 'm/4.png', 'm/5_mask.png');
const open = (root: string) => openDataset({ kind: 'auto', root });

describe('a list', () => {
  const rows = [
    'Image;Label;Mask;Split;Operator',
    'a/1.png;0;;train;x',
    '"a/2.png";good;;train;"y; z"',
    'b/4.png;scratch;m/4.png;test;',
    'a/3.png;i.O.;;test;',
    '',
    'b\\5.png;1;m/5_mask.png;val;',
    'm/4.png;;;test;',
  ];
  const expected = {
    train: [
      ['a/1.png', 0, 'good', undefined],
      ['a/2.png', 0, 'good', undefined],
    ],
    test: [
      ['a/3.png', 0, 'good', undefined],
      ['b/4.png', 1, 'scratch', '4.png'],
      ['m/4.png', undefined, 'unknown', undefined],
    ],
    validation: [['b/5.png', 1, 'defect', '5_mask.png']],
  };

  it('as a table: labels, masks and splits, whatever separates the fields', async () => {
    for (const [name, text] of [
      ['list.csv', `\uFEFF${rows.join('\r\n')}`],
      ['list.tsv', rows.join('\n').replace(/;(?! z)/g, '\t')],
    ] as const) {
      const root = await makeTree({ ...images, [name]: text });
      const { kind, train, test, validation } = await open(join(root, name));
      expect(kind).toBe('list');
      expect({ train: told(train), test: told(test), validation: told(validation) }).toEqual(expected);
      expect(await imagesOfList(join(root, name))).toHaveLength(6);
      const { ok, problems } = await checkDataset({ kind: 'list', root: join(root, name), workers: 0 });
      expect(problems.filter(({ code }) => code === 'list' || code === 'unused-images')).toEqual([]);
      expect(ok).toBe(false); // the same bytes in train and test
    }
  });

  it('as JSON; without splits the good ones are for training', async () => {
    const list = [
      { path: 'a/1.png', label: 0 },
      { path: 'a/2.png', label: false },
      { path: 'b/4.png', label: 'dent' },
    ];
    for (const text of [JSON.stringify(list), JSON.stringify({ images: list })]) {
      const root = await makeTree({ ...images, 'list.json': text });
      const { train, test } = await open(join(root, 'list.json'));
      expect(told(train).map(([id]) => id)).toEqual(['a/1.png', 'a/2.png']);
      expect(told(test)).toEqual([['b/4.png', 1, 'dent', undefined]]);
    }
  });

  it('of elsewhere: ids are paths below what all images have in common, and lead nowhere above', async () => {
    const root = await makeTree({ ...images, 'lists/a.csv': 'path,label\n../a/1.png,0\n../b/4.png,1\n' });
    const { root: common, train, test } = await open(join(root, 'lists', 'a.csv'));
    expect(common).toBe(root);
    expect([...train, ...test].map(({ id }) => id)).toEqual(['a/1.png', 'b/4.png']);
  });

  it('of patterns: train, test by defect, masks by name', async () => {
    const patterns = {
      train: 'a/[12].png'.replace('[12]', '{1,2}'),
      test: { good: ['a/3.png'], scratch: './b/*.png' },
      masks: 'm/**/*.png',
    };
    const root = await makeTree({ ...images, 'split.json': JSON.stringify(patterns) });
    const { train, test } = await open(join(root, 'split.json'));
    expect(told(train).map(([id]) => id)).toEqual(['a/1.png', 'a/2.png']);
    expect(told(test)).toEqual([
      ['a/3.png', 0, 'good', undefined],
      ['b/4.png', 1, 'scratch', '4.png'],
      ['b/5.png', 1, 'scratch', '5_mask.png'],
    ]);
  });

  it.each([
    [
      'x.csv',
      'image,label\na/1.png,0\na/9.png,0\n',
      /x\.csv, line 3: there is no file .*9\.png; mend the list/,
    ],
    ['x.csv', 'image,label\na/1.png,0\na/1.png,1\n', /line 3: names .*1\.png, as .*line 2 does/],
    ['x.csv', 'image,label\na/1.png\n', /line 2: needs 2 fields, got 1/],
    ['x.csv', 'image,label\n"a/1.png,0\n', /line 2: a quote is not closed/],
    ['x.csv', 'name,label\na/1.png,0\n', /line 2: needs an image \(one of the columns image, path/],
    [
      'x.csv',
      'image,label,split\na/1.png,0,later\n',
      /line 2: split needs train, validation or test, got 'later'/,
    ],
    ['x.csv', 'image,label\na/1.png,positive\n', /line 2: label 'positive' may mean good or not/],
    ['x.csv', 'image,split\na/1.png,train\n', /line 2: an image to train on needs a label; 0 is good/],
    [
      'x.csv',
      'image,label\na/1.png,1\n',
      /no training images .* in .*x\.csv; kind 'list' expects rows with the label 0/,
    ],
    ['x.json', '{"train": "c/*.png"}', /x\.json: train: no image matches c\/\*\.png/],
    ['x.json', '{"trian": "a/*.png"}', /needs a list of images, or patterns .*; there is trian/],
    ['x.json', '[{"image": {"a": 1}}]', /image 1: needs text or a number, got \{"a":1\}/],
    ['x.json', '{', /x\.json: not JSON/],
  ])('%s %j is refused', async (name, text, message) => {
    const root = await makeTree({ ...images, [name]: text });
    await expect(open(join(root, name))).rejects.toThrow(message);
  });

  it('that is not there is refused', async () => {
    await expect(open('/nowhere/list.csv')).rejects.toThrow(
      'openDataset: there is no file /nowhere/list.csv',
    );
  });
});

it('fields with quotes, separators and line ends', () => {
  expect(parseCsv('a,"b"\n"1 ""x"", y","two\nlines"\n3,4')).toEqual([
    { line: 2, values: { a: '1 "x", y', b: 'two\nlines' } },
    { line: 4, values: { a: '3', b: '4' } },
  ]);
  expect(parseCsv('')).toEqual([]);
});

it.each([
  ['a/*.png', ['a/x.png'], ['a/b/x.png', 'a/x.PNG', 'ba/x.png']],
  ['**/*.png', ['x.png', 'a/b/x.png'], ['x.pngs']],
  ['a/**', ['a/b', 'a/b/c'], ['b/a/c']],
  ['img?.{png,jpg}', ['img1.jpg'], ['img12.png', 'img/.png']],
  ['a+(1).png', ['a+(1).png'], ['aa1.png']],
])('the pattern %s', (pattern, matching, others) => {
  for (const path of matching) expect(globPattern(pattern).test(path), path).toBe(true);
  for (const path of others) expect(globPattern(pattern).test(path), path).toBe(false);
});
