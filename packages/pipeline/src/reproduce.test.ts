import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock } from '@ddad/files';
import { beforeAll, expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import type { ConfigInput } from './config/schema.js';
import type { Metrics } from './evaluation/measure.js';
import type { CollectedFiles } from './reproduce/collect.js';
import { collectReproduction, reproduce } from './reproduce.js';
import { synthesize } from './synthesize.js';

const { at } = useTrained();

/** A category, and the name of one that there is none of. */
const categories = ['weave', 'nothere'];
const config = (): ConfigInput => ({
  preset: 'small',
  seed: 5,
  engine: 'ort',
  threads: 1,
  data: { kind: 'mvtec', root: at('data'), imageSize: 16 },
  model: { channelMultipliers: [1], attentionResolutions: [], start: 100, skip: 100 },
  training: { steps: 3, batchSize: 4, validateEvery: null },
  features: { weights: 'embedded' },
  adaptation: { epochs: 0 },
  scoring: { sigma: 0.5, batchSize: 4 },
});
const contents = (files: CollectedFiles) =>
  Promise.all(Object.values(files).map((path: string) => readFile(path, 'utf8')));
const metricsIn = async (...parts: string[]): Promise<Metrics> =>
  JSON.parse(await readFile(join(at(...parts), 'results', 'metrics.json'), 'utf8')).metrics;

beforeAll(async () => {
  const counts = { train: 8, testGood: 2, testDefect: 3 };
  await synthesize({ out: at('data'), category: 'weave', seed: 3, size: 16, counts });
});

/** `reproduce` that is stopped at the first step of a training. */
async function stopped(options: Parameters<typeof reproduce>[1]): Promise<void> {
  const stop = new AbortController();
  const onProgress = ({ phase }: { phase: string }) => phase === 'train' && stop.abort();
  await expect(reproduce(config(), { ...options, onProgress, signal: stop.signal })).rejects.toThrow(
    /interrupted/,
  );
}

const options = { categories, seeds: 2 };
let whole: Awaited<ReturnType<typeof reproduce>>;

test('the table has means and deviations over the seeds, and names what failed', async () => {
  const notices: string[] = [];
  whole = await reproduce(config(), {
    ...options,
    out: at('whole'),
    onNotice: (text) => notices.push(text),
  });
  expect(notices[0]).toMatch(
    /^4 runs \(2 categories, 2 seeds\): about 6 training steps and \d+ s here, by the/,
  );
  expect(whole.runs.map(({ category, seed, state }) => [category, seed, state])).toEqual([
    ['weave', 5, 'finished'],
    ['nothere', 5, 'failed'],
    ['weave', 6, 'finished'],
    ['nothere', 6, 'failed'],
  ]);
  const { categories: rows, means, failed, missing, cut } = whole.reproduction!;
  expect(failed).toEqual([
    "nothere, seed 5: openDataset: no category 'nothere' in <root>; there are: weave",
    "nothere, seed 6: openDataset: no category 'nothere' in <root>; there are: weave",
  ]);
  expect([missing, cut]).toEqual([[], []]);
  const seeds = await Promise.all([5, 6].map((seed) => metricsIn('whole', 'weave', `seed-${seed}`)));
  const [a, b] = seeds.map(({ aupro }) => aupro!);
  const { mean, deviation, n } = rows[0].metrics.aupro!.ours!;
  expect([mean, deviation, n]).toEqual([(a + b) / 2, expect.closeTo(Math.abs(a - b) / Math.SQRT2, 12), 2]);
  expect(means.aupro).toMatchObject({ ours: { mean, n: 2 }, categories: 1 });

  const texts = await contents(whole.files!);
  const [markdown, csv, , page] = texts;
  expect(markdown).toMatch(/^# mvtec\n\n\| Category \| image AUROC, ours \|/);
  expect(markdown).toContain('- Failed: nothere, seed 5: openDataset');
  expect(csv).toContain(`\nweave,aupro,${mean},`);
  expect(page).toContain('<a href="weave/seed-6/results/report.html">');
  for (const text of texts) expect(text).not.toContain(at());
});

test('shards that are stopped and go on give the bytes of one process', async () => {
  const out = at('parts');
  await stopped({ ...options, out, shard: { index: 1, count: 3 } });
  const early = await collectReproduction(out);
  expect(early.reproduction.missing).toHaveLength(4);
  for (const index of [3, 1, 2]) {
    const { runs, files } = await reproduce(config(), { ...options, out, shard: { index, count: 3 } });
    expect([runs.length, files]).toEqual([index === 1 ? 2 : 1, undefined]);
  }
  const collected = await collectReproduction(out);
  expect(await contents(collected.files)).toEqual(await contents(whole.files!));
});

test('what is finished is not done again; a run that another process works on is waited for', async () => {
  const lock = await acquireLock(at('whole', 'weave', 'seed-5'));
  const notices: string[] = [];
  const onNotice = (text: string) => {
    notices.push(text);
    if (text.includes('left for later')) lock.release();
  };
  const phases = new Set<string>();
  const onProgress = ({ phase }: { phase: string }) => phases.add(phase);
  const { runs } = await reproduce(config(), { ...options, out: at('whole'), onNotice, onProgress });
  expect(runs).toEqual(whole.runs);
  expect(phases).not.toContain('train');
  expect(notices[0]).toMatch(/, 2 finished: /);
  expect(notices).toContainEqual(
    expect.stringMatching(/^weave, seed 5: .*seed-5 is in use by process \d+ .*; left for later$/),
  );
});

test('another experiment does not go into the folder', async () => {
  const other = { ...config(), model: { ...config().model, w: 7 } };
  await expect(reproduce(other, { ...options, out: at('whole') })).rejects.toThrow(
    /whole reproduces something else: model\.w of weave is 4 there and 7 here.*; choose another folder/,
  );
  await expect(reproduce(config(), { categories, out: at('whole') })).rejects.toThrow(
    /seeds is \[5,6\] there and \[5,6,7\] here/,
  );
});

test('a budget ends it, and the table says what was cut', async () => {
  const long: ConfigInput = {
    ...config(),
    training: { ...config().training, steps: 1_000_000 },
    adaptation: { epochs: 200, batchSize: 4 },
  };
  const { reproduction, files } = await reproduce(long, {
    ...{ out: at('cut'), categories: ['weave'], seeds: 2, budget: 8 },
  });
  const { cut, missing, categories: rows } = reproduction!;
  expect(cut[0]).toMatch(/^weave, seed 5: \d+ of 1000000 training steps, \d+ of 200 adaptation epochs$/);
  expect(rows[0].runs.filter(({ state }) => state === 'missing')).toHaveLength(missing.length);
  const [markdown] = await contents(files!);
  expect(markdown).toContain('Within a budget of 8 s: cut short');
  expect(markdown).toContain(`Cut: ${cut[0]}`);
});

test('wrong options', async () => {
  const wrong: [Parameters<typeof reproduce>[1], RegExp][] = [
    [{ seeds: 0 }, /option seeds: needs a whole number, 1 or more, got 0/],
    [{ categories: [] }, /option categories: needs at least one/],
    [{ categories: ['a', 'a'] }, /option categories: a is given twice/],
    [{ categories: ['../a'] }, /option categories: needs names of folders, got '\.\.\/a'/],
    [{ shard: { index: 3, count: 2 } }, /option shard: needs one of 1\/n to n\/n, got 3\/2/],
    [{ budget: 0 }, /option budget: needs seconds above 0, got 0/],
    [{ release: 'second' as never }, /option release: needs one of latest, first, got 'second'/],
    [{ shards: 1 } as never, /there is no option 'shards'/],
  ];
  for (const [options, message] of wrong) {
    await expect(reproduce(config(), { out: at('wrong'), ...options })).rejects.toThrow(message);
  }
  await expect(collectReproduction(at('data'))).rejects.toThrow(/nothing is reproduced in .*data/);
});
