import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { Detector, UserError } from '@ddad/detector';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { adapt } from './adapt.js';
import { calibrateDetector } from './calibrate-detector.js';
import { loadConfig } from './config/load-config.js';
import { demo } from './demo.js';
import { detectFiles } from './detect-files.js';
import { doctor } from './doctor.js';
import { downloadVisa } from './download-visa.js';
import { downloadWeights } from './download-weights.js';
import { evaluate } from './evaluate.js';
import { exportDetector } from './export-detector.js';
import { finishedRun } from './finished-run.js';
import { init } from './init.js';
import { plan } from './plan.js';
import { run } from './run.js';
import { synthesize } from './synthesize.js';
import { train } from './train.js';
import { tune } from './tune.js';

const { at, config, output, trained } = useTrained();
const folder = trained('checkpoints');
const wrong = { resum: true } as never;

test.each<[string, () => unknown]>([
  ['run', () => run(config, wrong)],
  ['train', () => train(config, wrong)],
  ['adapt', () => adapt(config, wrong)],
  ['evaluate', () => evaluate(config, wrong)],
  ['init', () => init(wrong)],
  ['calibrateDetector', () => calibrateDetector(folder, wrong)],
  ['tune', () => tune(folder, wrong)],
  ['exportDetector', () => exportDetector(folder, wrong)],
  ['detectFiles', () => detectFiles(folder, wrong).next()],
  ['Detector.load', () => Detector.load(folder, wrong)],
  ['loadConfig', () => loadConfig(config, wrong)],
  ['finishedRun', () => finishedRun(config, wrong)],
  ['plan', () => plan(config, wrong)],
  ['doctor', () => doctor(config, wrong)],
  ['demo', () => demo(wrong)],
  ['synthesize', () => synthesize({ out: at('none') }, wrong)],
  ['makeSynthetic', () => synthesize({ out: at('none'), categroy: 'weave' } as never)],
  ['downloadWeights', () => downloadWeights(wrong)],
  ['downloadVisa', () => downloadVisa(wrong)],
])('%s refuses an option that there is none of', async (who, call) => {
  await expect(Promise.resolve().then(call)).rejects.toThrow(
    new RegExp(`^${who}: there is no option '(resum|categroy)', the nearest is '\\w+'; there are: `),
  );
});

test.each<[string, () => unknown]>([
  ['no configuration', () => run(null as never)],
  ['a URL for a configuration', () => train(new URL('file:///x.yaml') as never)],
  ['no options', () => detectFiles('x.png', null as never).next()],
  ['no paths', () => detectFiles(null as never, { checkpoint: folder }).next()],
  ['a URL among paths', () => detectFiles([new URL('file:///x') as never], { checkpoint: folder }).next()],
  ['no folder', () => calibrateDetector(null as never)],
  ['a URL for a folder', () => exportDetector(new URL('file:///x') as never, { out: at('out') })],
])('%s: says what it needs', async (_, call) => {
  const error = await Promise.resolve(call()).catch((thrown: unknown) => thrown);
  expect(UserError.isInstance(error), String(error)).toBe(true);
  expect(String(error)).toMatch(/needs .*, got /);
});

test('a configuration that is none is refused by loadConfig itself', () => {
  expect(() => loadConfig(null as never)).toThrow(/needs a configuration as an object, or the path of/);
});

test('a run that fails early leaves no folder', async () => {
  const own = { ...config, features: { weights: 'nothere.pth' }, output: output('deep/early') };
  await expect(run(own)).rejects.toThrow(/there is no weights file nothere\.pth/);
  expect(existsSync(at('deep'))).toBe(false);
});

test('the demo does not write among pictures', async () => {
  await mkdir(at('pictures'));
  await writeFile(at('pictures', 'cat.jpg'), '');
  await expect(demo({ out: at('pictures') })).rejects.toThrow(/holds something else \(cat\.jpg\)/);
});
