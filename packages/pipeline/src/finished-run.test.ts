import { cp, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { finishedRun } from './finished-run.js';
import { run } from './run.js';

const { at, config, output, report, trained } = useTrained();

test('a finished run is known by its configuration, its weights and its images', async () => {
  const found = await finishedRun(config);
  expect(found?.images).toEqual(JSON.parse(JSON.stringify(report.images)));
  expect(await finishedRun({ ...config, scoring: { ...config.scoring, sigma: 2 } })).toBeUndefined();
  expect(await finishedRun({ ...config, seed: 6 })).toBeUndefined();
  expect(await finishedRun({ ...config, output: output('none') })).toBeUndefined();
});

test('run() does nothing where it is finished, says so, and returns the report', async () => {
  const log = trained('checkpoints', 'training.csv');
  const before = await stat(log);
  const notices: string[] = [];
  const found = await run(config, { onNotice: (text) => notices.push(text) });
  expect(notices).toEqual([expect.stringMatching(/^nothing to do: this run is finished.*option overwrite/)]);
  expect(found.images).toEqual(JSON.parse(JSON.stringify(report.images)));
  expect((await stat(log)).mtimeMs).toBe(before.mtimeMs);
});

test('changed weights or images are to be looked at again', async () => {
  const own = { ...config, data: { ...config.data, root: at('data') } };
  await cp(trained('data'), at('data'), { recursive: true, preserveTimestamps: true });
  expect(await finishedRun(own)).toBeUndefined(); // of other data

  const image = trained('data', 'weave', 'test', 'good', '000.png');
  const later = new Date(Date.now() + 60_000);
  const before = new Date(Date.now() - 3600_000);
  await utimes(image, later, later);
  expect(await finishedRun(config)).toBeUndefined();
  await utimes(image, before, before);
  expect(await finishedRun(config)).toBeDefined();

  await cp(trained('checkpoints'), at('checkpoints'), { recursive: true });
  await cp(trained('results'), at('results'), { recursive: true, preserveTimestamps: true });
  const metrics = JSON.parse(JSON.stringify(report));
  const moved = { checkpoints: at('checkpoints'), results: at('results') };
  metrics.config.output = { ...metrics.config.output, ...moved };
  for (const [name, path] of Object.entries<string>(report.files)) {
    metrics.files[name] = join(at('results'), path.slice(trained('results').length));
  }
  await writeFile(at('results', 'metrics.json'), JSON.stringify(metrics));
  expect(await finishedRun({ ...config, output: moved })).toBeDefined();
  await writeFile(at('checkpoints', 'features-1.safetensors'), 'altered');
  expect(await finishedRun({ ...config, output: moved })).toBeUndefined();
});
