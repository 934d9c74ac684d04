import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ddad } from '../testing/ddad.js';

let cwd: string;
const run = (line: string) => ddad(line.split(' '), { cwd });
/** Each run of it takes about a second. */
const tiny = [
  '--dataset mvtec --root data --preset small --image-size 16 --steps 2 --weights embedded --engine ort',
  ...['threads=1', 'model.channelMultipliers=[1]', 'model.attentionResolutions=[]', 'model.start=50'].map(
    (set) => `--set ${set}`,
  ),
  ...['model.skip=50', 'training.batchSize=4', 'training.validateEvery=null', 'adaptation.epochs=0'].map(
    (set) => `--set ${set}`,
  ),
  '--set scoring.sigma=0.5',
].join(' ');

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddad-reproduce-'));
  const { status, stderr } = await run(
    'synth --out data --category weave --size 16 --train 6 --good 2 --anomalous 2',
  );
  expect(status, stderr).toBe(0);
});
afterAll(() => rm(cwd, { recursive: true }));

test('a dry run says what there is to do, and does nothing', async () => {
  const { status, stdout, stderr } = await run(
    `reproduce ${tiny} --categories weave,gear --seeds 2 --shard 2/3 --dry-run --json`,
  );
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ dataset: 'mvtec', release: 'latest', seeds: [42, 43], budget: null },
    runs: [{ category: 'gear', seed: 42 }],
  });
  expect(stderr).toMatch(/4 runs \(2 categories, 2 seeds\), 1 of them here: about .* on two CPU cores/);
  expect(existsSync(join(cwd, 'reproduction'))).toBe(false);
});

test('shards, then the table; what failed is named, and the exit code is 2', async () => {
  const asked = `reproduce ${tiny} --categories weave,gone --seeds 1`;
  const first = await run(`${asked} --shard 1/2`);
  expect([first.status, first.stderr]).toEqual([0, expect.stringContaining('2 runs (2 categories, 1 seed)')]);
  expect(first.stdout).toMatch(/^1 of 1 run of this shard finished\.\n.* --collect --out "reproduction"\n$/);

  const second = await run(`${asked} --shard 2/2 --json`);
  expect(second.status).toBe(2);
  expect(JSON.parse(second.stdout).runs).toMatchObject([{ category: 'gone', state: 'failed' }]);

  const collected = await run('reproduce --collect');
  expect(collected.status).toBe(2);
  expect(collected.stdout).toMatch(/Failed: gone, seed 42: openDataset: no category 'gone' in <root>/);
  expect(await readFile(join(cwd, 'reproduction', 'table.md'), 'utf8')).toContain('| weave |');
});

test.each([
  ['--root data', /needs --dataset, such as mvtec or visa/],
  ['--dataset mvtec', /needs --root, the folder of the data set/],
  ['--collect --shard 1/2', /--collect and --shard exclude each other/],
  ['--dataset mvtec --root data --shard 3/2', /'3\/2' is invalid.*1\/n to n\/n/],
  ['--dataset mvtec --root data --release second', /'second' is invalid.*latest, first/],
  ['--dataset mvtec --root nowhere', /there is no folder nowhere/],
  ['--dataset btad --root data', /data has no categories of kind btad: it looks like kind mvtec/],
  ['--collect --out data', /nothing is reproduced in data/],
])('%s is refused in one line', async (options, message) => {
  const { status, stderr } = await run(`reproduce ${options}`);
  expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
