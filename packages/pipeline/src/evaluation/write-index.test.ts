import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Report } from './report.js';
import { writeIndex } from './write-index.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ddad-index-'));
});

async function write(category: string, imageAuroc: number, name = 'mvtec'): Promise<Report> {
  const folder = join(root, category);
  await mkdir(folder);
  const report = {
    dataset: { name, category },
    metrics: { imageAuroc, aupro: 0.5, referencePro: 0.25 },
    files: { metrics: join(folder, 'metrics.json'), report: join(folder, 'report.html') },
    config: { data: { kind: 'mvtec' } },
  } as unknown as Report;
  await writeFile(report.files.metrics, JSON.stringify(report));
  return report;
}

test('two categories make an index with the published values beside', async () => {
  expect(await writeIndex(await write('carpet', 0.75))).toBeUndefined();
  await write('other', 0.1, 'another set');
  await mkdir(join(root, 'broken'));
  await writeFile(join(root, 'broken', 'metrics.json'), '{');
  await writeFile(join(root, 'note.txt'), '');
  const path = await writeIndex(await write('metal_nut', 0.25));
  expect(path).toBe(join(root, 'index.html'));
  const html = await readFile(path!, 'utf8');
  const row = (name: string) => html.match(new RegExp(`<tr><th scope="row">[^\\n]*${name}.*`))![0];
  expect(row('carpet')).toContain('href="carpet/report.html"');
  expect(row('carpet')).toContain('<td>0.7500</td><td>0.9930</td>');
  expect(row('carpet')).toContain('<td>0.2500</td><td>0.9390</td>');
  expect(row('metal_nut')).toContain('<td>0.2500</td><td>1.0000</td>');
  expect(html).toContain('Mean</th><td>0.5000</td><td>0.9965</td>');
  expect(html).toContain('Image AUROC, published');
  expect(html).not.toContain('another set');
  expect(html).toContain('broken/metrics.json');
});

test('results that lie elsewhere make none', async () => {
  const { files, ...report } = await write('carpet', 1);
  await write('tile', 1);
  expect(
    await writeIndex({ ...report, files, dataset: { ...report.dataset, category: 'x' } }),
  ).toBeUndefined();
  expect(await writeIndex({ ...report, files: { ...files, report: undefined } })).toBeUndefined();
  expect(await readdir(root)).not.toContain('index.html');
});
