import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { runSeeds } from './run-seeds.js';

const { at, config, output } = useTrained();
const quick = {
  ...config,
  training: { ...config.training, epochs: null, steps: 1 },
  adaptation: { ...config.adaptation, epochs: 0 },
  output: output('seeds'),
};

test('several seeds have a folder each, a mean and a deviation, and are not done twice', async () => {
  const told: string[] = [];
  const onSeed = ({ seed, number, seeds }: { seed: number; number: number; seeds: number }) =>
    told.push(`${seed}: ${number} of ${seeds}`);
  const first = await runSeeds(quick, { seeds: 2, onSeed });
  const base = first.runs[0].seed;
  expect(told).toEqual([`${base}: 1 of 2`, `${base + 1}: 2 of 2`]);
  const folders = first.runs.map(({ seed }) => at('seeds', `seed-${seed}`));
  expect(first.runs.map(({ checkpoints }) => checkpoints)).toEqual(folders);
  for (const { checkpoints, results } of first.runs) {
    await stat(`${checkpoints}/detector.json`);
    await stat(`${results}/metrics.json`);
  }
  const [a, b] = first.runs.map(({ metrics }) => metrics.pixelAuroc!);
  expect(a).not.toBe(b);
  const { mean, deviation, n } = first.metrics.pixelAuroc!;
  expect(mean).toBeCloseTo((a + b) / 2, 12);
  expect(deviation).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
  expect(n).toBe(2);
  const { files, ...summary } = first;
  expect(JSON.parse(await readFile(files.json, 'utf8'))).toEqual(JSON.parse(JSON.stringify(summary)));

  const notices: string[] = [];
  const second = await runSeeds(quick, { seeds: 2, onNotice: (text) => notices.push(text) });
  expect(notices.filter((text) => text.startsWith('nothing to do'))).toHaveLength(2);
  expect(second).toEqual(JSON.parse(JSON.stringify(first)));
});

test('a number of seeds is needed', async () => {
  await expect(runSeeds(quick, { seeds: 0 })).rejects.toThrow(
    'option seeds: needs a whole number, 1 or more, got 0',
  );
});
