import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStateDict } from './read-state-dict.js';
import type { StateDict } from './state-dict.js';
import { stripWrapperPrefixes } from './strip-wrapper-prefixes.js';
import { writeSafetensorsFile } from './write-safetensors-file.js';

/** What training programs save, written by torch (tools/fixtures/torch-fixtures): one network, wrapped in many ways. */

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
let network: StateDict;
let folder: string;
beforeAll(async () => {
  network = await readStateDict(fixture('wrapped.safetensors'));
  folder = await mkdtemp(join(tmpdir(), 'wrapped-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(['zip', 'legacy'])('of the %s format', (format) => {
  const file = (name: string) => fixture(`wrapped-${name}-${format}.pth`);

  it.each([
    ['imagenet', 'module.'], // state_dict beside the tensor best_acc1, an optimizer and a MultiStepLR
    ['arguments', ''], // model beside a Namespace, numpy's values, a tensor and a dict that holds one
    ['average', 'module.'], // AveragedModel, with n_averaged
    ['average-alone', 'module.'],
    ['compiled', '_orig_mod.'],
    ['lightning', 'backbone.module.'],
  ])('%s is unwrapped, and the prefix stripped', async (name, prefix) => {
    const read = await readStateDict(file(name));
    expect([...read.keys()].filter((key) => key !== 'n_averaged').sort()).toEqual(
      [...network.keys()].map((key) => `${prefix}${key}`).sort(),
    );
    const stripped = stripWrapperPrefixes(read);
    expect(stripped).toEqual(network);
    expect(stripWrapperPrefixes(stripped)).toEqual(network);
  });

  it('several is refused with their names, and read where one is named', async () => {
    await expect(readStateDict(file('several'))).rejects.toThrow(
      `${file('several')}: readTorch: the file holds more than one state dict: model (7 tensors), model_ema ` +
        "(8 tensors); name one, as { key: 'model' } or, where a path is given, as file.pth#model",
    );
    expect(await readStateDict(`${file('several')}#model`)).toEqual(network);
    expect(await readStateDict(file('several'), { key: 'model' })).toEqual(network);
    const average = await readStateDict(`${file('several')}#model_ema`);
    expect(average.has('n_averaged')).toBe(true);
    expect(stripWrapperPrefixes(average)).toEqual(network);
    expect(await readStateDict(`${file('several')}#model_ema.module`)).toEqual(network);
  });

  it('heads beside the network: a key takes the part', async () => {
    const read = await readStateDict(file('heads'));
    expect(read.has('head.weight')).toBe(true);
    expect(stripWrapperPrefixes(read)).toEqual(read);
    expect(await readStateDict(`${file('heads')}#state_dict.backbone.module`)).toEqual(network);
    await expect(readStateDict(`${file('heads')}#backbone`)).rejects.toThrow(
      `${file('heads')}: readTorch: the file has no dict of tensors under "backbone"; it has 1 entries: state_dict`,
    );
  });
});

it('a # in the name of a file is part of the name', async () => {
  const whole = join(folder, 'model.pth#state_dict');
  await copyFile(fixture('wrapped-several-zip.pth'), join(folder, 'model.pth'));
  await copyFile(fixture('wrapped-imagenet-zip.pth'), whole);
  expect(stripWrapperPrefixes(await readStateDict(whole))).toEqual(network);
  const odd = join(folder, '#1.pth');
  await copyFile(fixture('wrapped-several-zip.pth'), odd);
  expect(await readStateDict(`${odd}#model`)).toEqual(network);
  await expect(readStateDict(odd)).rejects.toThrow(`readStateDict: ${odd}: readTorch: the file holds more`);
  const absent = join(folder, 'absent.pth#model');
  await expect(readStateDict(absent)).rejects.toThrow(`readStateDict: there is no weights file ${absent}`);
});

it('a key takes the part of a safetensors file', async () => {
  const path = join(folder, 'parts.safetensors');
  const parts = new Map([...network].map(([name, tensor]) => [`encoder.${name}`, tensor]));
  await writeSafetensorsFile(path, new Map([...parts, ['head.weight', network.get('0.weight')!]]));
  expect(await readStateDict(`${path}#encoder`)).toEqual(network);
  await expect(readStateDict(`${path}#0`)).rejects.toThrow(
    `readStateDict: ${path}: the file has no tensors named "0.<rest>"; it has 8: encoder.`,
  );
});

it('stripWrapperPrefixes changes nothing where a name lacks the prefix', () => {
  const tensor = network.get('0.weight')!;
  const state = new Map([
    ['module.a', tensor],
    ['b', tensor],
    ['n_averaged', tensor],
  ]);
  expect(stripWrapperPrefixes(state)).toEqual(state);
  expect(stripWrapperPrefixes(state)).not.toBe(state);
  const counters = new Map([['step', tensor]]);
  expect(stripWrapperPrefixes(counters)).toEqual(counters);
});
