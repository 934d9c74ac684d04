import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { presetDefaults } from '../config/presets.js';
import { categorySettings } from './category-settings.js';
import { publishedCounts } from './published-counts.js';
import { publishedCategories, publishedResults } from './published-results.js';
import { type Release, releases } from './releases.js';

const text = readFileSync(new URL('../../../../fixtures/published.md', import.meta.url), 'utf8');
const section = (title: string) => text.split('\n## ').find((part) => part.startsWith(title))!;
const kinds = { mvtec: 'MVTec', visa: 'VisA' } as const;
type Kind = keyof typeof kinds;

/** Name, image AUROC, pixel AUROC, PRO of each category and of their mean, percent. */
function resultsOf(kind: Kind, release: Release): [string, number[]][] {
  const line = section(`Results of the ${release} release`)
    .split('\n')
    .find((each) => each.startsWith(`- ${kinds[kind]}: `))!;
  return [...line.matchAll(/(\w+) ([\d.]+) \(([\d.]+),([\d.]+)\)/g)].map(([, name, ...values]) => [
    name,
    values.map(Number),
  ]);
}

/** By how much the mean of the cells is more than the mean that is given, in tenths of a percent. */
const ownMeansAreOff: Record<string, string[]> = {
  'latest mvtec': ['0.0', '0.0', '0.0'],
  'latest visa': ['0.0', '0.0', '0.0'],
  'first mvtec': ['0.0', '-0.1', '0.0'],
  'first visa': ['0.0', '0.1', '1.1'],
};

test.each(releases.flatMap((release) => [[release, 'mvtec', 15] as const, [release, 'visa', 12] as const]))(
  'every published result of the %s release on %s is here, and no other',
  (release, kind, count) => {
    const cells = resultsOf(kind, release).filter(([name]) => name !== 'mean');
    expect(cells).toHaveLength(count);
    expect(publishedCategories(kind)).toEqual(cells.map(([name]) => name));
    const sums = [0, 0, 0];
    for (const [name, percent] of cells) {
      const { imageAuroc, pixelAuroc, referencePro } = publishedResults(kind, name, release)!;
      expect([imageAuroc, pixelAuroc, referencePro], name).toEqual(percent.map((value) => value / 100));
      for (const i of [0, 1, 2]) sums[i] += percent[i];
    }
    // the means in the authors' tables are rounded to a tenth; three of the first release's are not those of its cells
    const [, means] = resultsOf(kind, release).find(([name]) => name === 'mean')!;
    const off = means.map((mean, i) => (sums[i] / count - mean).toFixed(1).replace('-0.0', '0.0'));
    expect(off).toEqual(ownMeansAreOff[`${release} ${kind}`]);
  },
);

test.each(['mvtec', 'visa'] as const)('every published setting of %s is here', (kind) => {
  const table = section('Settings of the latest release')
    .split('\n\n')
    .find((part) => part.startsWith(`| ${kinds[kind]} |`))!;
  const [names, , ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.slice(2, -2).split(' | '));
  expect(rows.map(([name]) => name)).toEqual(['w', 'training epochs', 'adaptation epochs']);
  expect(names.slice(1)).toEqual(publishedCategories(kind));
  names.slice(1).forEach((name, i) => {
    const [w, epochs, adaptationEpochs] = rows.map((row) => Number(row[i + 1]));
    expect(categorySettings(kind, name), name).toEqual({ w, epochs, adaptationEpochs });
    const { model, training, adaptation } = presetDefaults('reference', { data: { kind, category: name } });
    expect([model.w, training.epochs, adaptation.epochs]).toEqual([w, epochs, adaptationEpochs]);
  });
});

test.each([
  // Bergmann et al., IJCV 2021; Zou et al., ECCV 2022, whose images are 9,621 normal and 1,200 anomalous ones
  ['mvtec', 3629, 1725],
  ['visa', 8659, 10_821 - 8659],
] as const)('the images of the categories of %s are all that it has', (kind, train, test) => {
  const all = publishedCategories(kind).map((name) => publishedCounts(kind, name)!);
  expect(all.reduce((sum, each) => sum + each.train, 0)).toBe(train);
  expect(all.reduce((sum, each) => sum + each.test, 0)).toBe(test);
});

test('the first release has one recommendation for all', () => {
  expect(section('Results of the first release')).toContain('w 4, 0 to 3 adaptation epochs');
  const input = { data: { kind: 'mvtec', category: 'carpet' } } as const;
  expect(presetDefaults('reference', input, 'first')).toMatchObject({
    model: { w: 4 },
    adaptation: { epochs: 3 },
  });
});

test('nothing is published of other data sets and categories', () => {
  for (const [kind, category] of [
    ['mvtec', 'toString'],
    ['mvtec', 'candle'],
    ['btad', '01'],
    ['toString', 'carpet'],
  ]) {
    expect(publishedResults(kind, category)).toBeUndefined();
    expect(categorySettings(kind, category)).toBeUndefined();
    expect(publishedCounts(kind, category)).toBeUndefined();
  }
  expect(publishedCategories('btad')).toEqual([]);
});
