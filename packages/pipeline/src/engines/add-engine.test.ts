import { expect, it } from 'vitest';
import { addEngine } from './add-engine.js';
import { neededLibraries } from './cuda-libraries.js';
import { removeEngine } from './remove-engine.js';

it('adds and removes ort-cuda alone', async () => {
  for (const change of [addEngine, removeEngine]) {
    await expect(change({ name: 'webgpu' })).rejects.toThrow(/engine: needs ort-cuda, which alone can be/);
  }
});

it.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'refuses a file that is no wheel',
  async () => {
    await expect(addEngine({ name: 'ort-cuda', wheel: import.meta.filename })).rejects.toThrow(
      /add-engine\.test\.ts: .*give a wheel of onnxruntime-gpu/,
    );
  },
);

it('knows the names of the libraries by the version of CUDA', () => {
  expect(neededLibraries(13)).toContain('libcudart.so.13');
  expect(neededLibraries(12)).toContain('libcublasLt.so.12');
});
