import { existsSync, readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from './read-safetensors.js';
import { readTorch } from './read-torch.js';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

describe('readTorch', () => {
  it.each([
    ['types', ['zip', 'legacy']],
    ['views', ['zip', 'legacy']],
    ['module', ['zip', 'legacy']],
    ['checkpoint', ['zip', 'legacy']],
    ['recent', ['zip']],
    ['parameters-protocol4', ['zip']],
  ])('reads %s as torch does', (name, formats) => {
    for (const keepHalf of [false, true]) {
      const expected = readSafetensors(fixture(`${name}.safetensors`), { keepHalf });
      expect(expected.size).toBeGreaterThan(2);
      for (const format of formats) {
        expect(readTorch(fixture(`${name}-${format}.pth`), { keepHalf })).toEqual(expected);
      }
    }
  });

  it('keeps the order of the model', () => {
    const names = [...readTorch(fixture('module-zip.pth')).keys()];
    expect(names.slice(0, 3)).toEqual(['module.0.weight', 'module.1.weight', 'module.1.bias']);
  });

  it('shares one array between equal views of a storage', () => {
    for (const format of ['zip', 'legacy']) {
      const views = readTorch(fixture(`views-${format}.pth`));
      expect(views.get('tied')?.data).toBe(views.get('whole')?.data);
      expect(views.get('row')?.data).not.toBe(views.get('whole')?.data);
    }
  });

  it('takes the dict of tensors the caller names', () => {
    const file = fixture('checkpoint-zip.pth');
    expect(readTorch(file, { key: 'state_dict' })).toEqual(readTorch(file));
    expect(() => readTorch(file, { key: 'model' })).toThrow(
      'readTorch: the file has no dict of tensors under "model"; ' +
        'it has 5 entries: epoch, best, args, state_dict, optimizer',
    );
  });

  it('reads an archive that another tool has compressed', () => {
    const data = `model/data/0`;
    const pickle = Buffer.concat([
      Buffer.from('80027d5801000000', 'hex'),
      Buffer.from('xctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storage', 'latin1'),
      Buffer.from(
        'ctorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x64tQK\0K\x64\x85K\x01\x85\x89}tRs.',
        'latin1',
      ),
    ]);
    const values = Float32Array.from({ length: 100 }, (_, i) => i);
    const zip = zipSync({ 'model/data.pkl': pickle, [data]: new Uint8Array(values.buffer) }, { level: 9 });
    expect(readTorch(zip)).toEqual(new Map([['x', { dtype: 'F32', shape: [100], data: values }]]));
  });

  it.each([
    ['refused-reduce-zip.pth', /refuses (posix|nt)\.system: only tensors and plain containers/],
    ['refused-reduce-legacy.pth', /refuses (posix|nt)\.system/],
    [
      'refused-module-zip.pth',
      /refuses torch\.nn\.modules\.linear\.Linear: .*Save the model's state_dict\(\) alone/,
    ],
    ['refused-module-legacy.pth', /refuses/],
    ['refused-torchscript.pth', /this is a TorchScript program; save its state_dict\(\)/],
  ])('refuses %s', (name, message) => {
    expect(() => readTorch(fixture(name))).toThrow(message);
    expect(existsSync('executed')).toBe(false);
  });
});
