import { mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSynthetic } from '@ddad/datasets';
import { encodePng } from '@ddad/images';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema } from './config/config-json-schema.js';
import { loadConfig } from './config/load-config.js';
import { init } from './init.js';

const folder = mkdtempSync(join(tmpdir(), 'ddad-init-'));
const at = (...parts: string[]) => join(folder, ...parts);
beforeAll(async () => {
  const counts = { train: 4, testGood: 1, testDefect: 1 };
  await makeSynthetic({ out: at('data'), category: 'weave', size: 64, counts });
  await makeSynthetic({ out: at('data'), category: 'tiles', size: 64, counts });
});
afterAll(() => rm(folder, { recursive: true }));

test('what is written is what was chosen and recognised, and can be uncommented line by line', async () => {
  const out = at('new', 'weave.yaml');
  const overrides = ['data.category=weave', 'training.budget=120', 'scoring.weights.memory=2'];
  const { file, input, plan } = await init({ root: at('data'), out, overrides, smallestDefect: 2 });
  expect([file, plan.train, plan.seen]).toEqual([out, 4, 128]);
  const text = await readFile(out, 'utf8');
  expect(parse(text)).toEqual(input);
  expect(input).toEqual({
    preset: 'auto',
    data: { kind: 'mvtec', root: at('data'), category: 'weave', imageSize: 128 },
    training: { budget: 120 },
    scoring: { weights: { memory: 2 } },
  });
  expect(loadConfig(out)).toEqual(loadConfig(input));
  expect(text).toMatch(/^# Configuration of ddad.*\n# 4 good images to train on, 2 to test; 64x64\n/);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(125);

  // every comment that is a key is one of the schema, with its value
  const all = text.replaceAll(/^( *)# (( *)\w+:( .*)?)$/gm, (whole, indent, line) =>
    /^ *\w+:( [^ ].*)?$/.test(line) ? `${indent}${line}` : whole,
  );
  const open = parse(all);
  expect(open.scoring).toMatchObject({ threshold: 'calibrated', falseAlarmRate: 0.01, confidence: null });
  expect(open.output.results).toBe('results/{dataset}/{category}');
  const accepts = new Ajv({ allowUnionTypes: true }).compile(configJsonSchema());
  expect(accepts(open), JSON.stringify(accepts.errors)).toBe(true);
});

test('a file that is there is never overwritten', async () => {
  await writeFile(at('mine.yaml'), 'preset: ddad\n');
  await expect(init({ root: at('data', 'weave'), out: at('mine.yaml') })).rejects.toThrow(
    /option out: .*mine\.yaml is there already, and is not overwritten; give another file/,
  );
  expect(await readFile(at('mine.yaml'), 'utf8')).toBe('preset: ddad\n');
});

test('what cannot be right is refused before anything is written', async () => {
  const out = at('refused.yaml');
  await expect(init({ root: at('data'), out })).rejects.toThrow(/2 categories: tiles, weave/);
  await expect(init({ root: at('nowhere'), out })).rejects.toThrow(/there is no folder/);
  await mkdir(at('empty'));
  await expect(init({ root: at('empty'), out })).rejects.toThrow(/no .*image/i);
  const weave = ['data.category=weave'];
  await expect(init({ root: at('data'), out, overrides: [...weave, 'model.ww=1'] })).rejects.toThrow(
    /unknown key/,
  );
  await expect(init({ root: at('data'), out, overrides: weave, smallestDefect: 0 })).rejects.toThrow(
    /option smallestDefect: needs pixels, 1 or more, got 0/,
  );
  await expect(readFile(out)).rejects.toThrow('ENOENT');
});

test('a defect too small for the largest side is said', async () => {
  const picture = { data: new Uint8Array(600 * 40).fill(90), width: 600, height: 40, channels: 1 as const };
  await mkdir(at('wide', 'good'), { recursive: true });
  for (const name of ['a', 'b', 'c']) await writeFile(at('wide', 'good', `${name}.png`), encodePng(picture));
  const notices: string[] = [];
  const made = await init({
    ...{ root: at('wide'), out: at('wide.yaml'), smallestDefect: 2 },
    onNotice: (notice) => void notices.push(notice),
  });
  expect(made.plan.seen).toBe(512);
  expect(notices.join('\n')).toContain('a defect of 2 pixels is seen at 1.7 at the 512 pixels chosen');
});
