import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodePng } from '@ddad/images';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../testing/tree.js';
import { loadMask } from './load-mask.js';

describe('loadMask', () => {
  it('is binary by the threshold and nearest by default, fractions of 255 when bilinear', async () => {
    const data = Uint8Array.of(0, 4, 4, 4, 0, 4, 4, 4);
    const root = await makeTree({ 'm.png': encodePng({ data, width: 4, height: 2, channels: 1 }) });
    const sample = { label: 1 as const, maskPath: join(root, 'm.png'), maskThreshold: 0 };
    expect([...(await loadMask(sample, { size: [1, 4] }))!]).toEqual([0, 255, 255, 255]);
    // Pillow's own numbers for this resize of 0/255 pixels.
    expect([...(await loadMask(sample, { size: [1, 2], method: 'bilinear' }))!]).toEqual([146, 255]);
    expect([...(await loadMask({ ...sample, maskThreshold: 4 }, { size: [1, 4] }))!]).toEqual([0, 0, 0, 0]);
  });

  it('counts the 57 defect pixels of a mask of 16 bits, {0, 1}', async () => {
    const maskPath = fileURLToPath(new URL('../fixtures/mask-16bit.png', import.meta.url));
    const mask = await loadMask({ label: 1, maskPath, maskThreshold: 0 }, { size: [64, 64] });
    expect(mask!.filter((value) => value === 255)).toHaveLength(57);
  });

  it('is empty for good samples and undefined where nobody drew one', async () => {
    expect([...(await loadMask({ label: 0, maskThreshold: 0 }, { size: [1, 2] }))!]).toEqual([0, 0]);
    expect(await loadMask({ label: 1, maskThreshold: 0 }, { size: [1, 2] })).toBeUndefined();
    expect(await loadMask({ label: undefined, maskThreshold: 0 }, { size: [1, 2] })).toBeUndefined();
  });

  it('names a mask that cannot be read', async () => {
    const sample = { label: 1 as const, maskPath: '/no/mask.png', maskThreshold: 0 };
    await expect(loadMask(sample, { size: [1, 2] })).rejects.toThrow('/no/mask.png: there is no such file');
  });
});
