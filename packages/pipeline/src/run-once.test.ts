import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { resnet18 } from '@ddad/features';
import { writeSafetensors } from '@ddad/weights';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { run } from './run.js';

const { at, config, output, trained } = useTrained();

test('a run decodes each image once and reads each weights file once', async () => {
  const extractor = resnet18({ imageSize: 32 });
  const weights = at('resnet18.safetensors');
  const log = at('reads.log');
  await writeFile(log, '');
  await writeFile(weights, writeSafetensors(await extractor.stateDict()));
  extractor.dispose();
  const own = { ...config, features: { weights }, output: output('once') };
  const built = pathToFileURL(fileURLToPath(new URL('../dist/index.js', import.meta.url))).href;
  const script = `const { run } = await import(${JSON.stringify(built)}); await run(${JSON.stringify(own)});`;
  const preload = new URL('../testing/log-reads.mjs', import.meta.url).href;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, READS_LOG: log, NODE_OPTIONS: `--import ${preload}` },
  });
  const counts: Record<string, number> = {};
  for (const path of (await readFile(log, 'utf8')).trim().split('\n')) counts[path] = (counts[path] ?? 0) + 1;
  const images = (split: string) => trained('data', 'weave', ...split.split('/'));
  for (const split of ['train/good', 'test/good']) {
    const names = (await readdir(images(split))).sort();
    for (const [i, name] of names.entries()) {
      // of the first one the header tells, before, whether it has 16 bits
      const isAsked = split === 'train/good' && i === 0;
      expect(counts[join(images(split), name)], name).toBe(isAsked ? 2 : 1);
    }
  }
  expect(counts[weights]).toBe(1);
  const read = (pattern: RegExp) => Object.entries(counts).filter(([path]) => pattern.test(path));
  expect(read(/once\/unet-2\.safetensors$/)).toEqual([[expect.anything(), 1]]);
  // written by the adaptation, and still in memory when the evaluation comes
  expect(read(/once\/features-\d+\.safetensors$/)).toEqual([]);
});

test('a run builds the extractor once', async () => {
  let count = 0;
  const backbone = () => {
    count++;
    return resnet18({ imageSize: 32 });
  };
  await run({ ...config, features: { backbone: 'custom' }, output: output('custom-once') }, { backbone });
  expect(count).toBe(1);
});
