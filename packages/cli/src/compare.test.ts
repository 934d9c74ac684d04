import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ddad } from '../testing/ddad.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddad-compare-'));
  const { status, stdout, stderr } = await ddad(
    'run --root data --kind mvtec --category a --preset small --dry-run --json'.split(' '),
    { cwd },
  );
  expect(status, stderr).toBe(0);
  const config = JSON.parse(stdout);
  for (const [name, w, imageAuroc] of [
    ['one', 4, 0.5],
    ['two', 7, 0.75],
  ]) {
    await mkdir(join(cwd, name as string));
    const report = {
      ...{ dataset: { name: 'mvtec', category: 'a' }, engine: 'ort', metrics: { imageAuroc } },
      config: { ...config, model: { ...config.model, w } },
    };
    await writeFile(join(cwd, name as string, 'metrics.json'), JSON.stringify(report));
  }
});
afterAll(() => rm(cwd, { recursive: true }));

test('compare prints and writes what differs', async () => {
  const { status, stdout, stderr } = await ddad('compare one two --out compared'.split(' '), { cwd });
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/^Settings that differ\nSetting +one +two\nmodel\.w +4 +7\n/);
  expect(stdout).toMatch(/\nimage AUROC\nCategory +one +two +difference\na +0\.5000 +0\.7500 +\+0\.2500\n/);
  expect(await readFile(join(cwd, 'compared', 'comparison.md'), 'utf8')).toContain('| model.w | 4 | 7 |');
});

test('what cannot be compared is refused in one line', async () => {
  for (const [line, message] of [
    ['compare', /missing required argument 'results'/],
    ['compare one', /needs two results or more, got 1/],
    ['compare one three', /three: there is no such file or folder; give the results folder/],
  ] as const) {
    const { status, stderr } = await ddad(line.split(' '), { cwd });
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }
});
