import { join } from 'node:path';
import { encodePng, readImage } from '@ddad/images';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../testing/tree.js';
import { loadImage } from './load-image.js';

describe('loadImage', () => {
  it('is readImage of the file', async () => {
    const data = Uint8Array.from({ length: 60 }, (_, i) => 4 * i);
    const file = encodePng({ data, width: 5, height: 4, channels: 3 });
    const root = await makeTree({ 'some.jpg': file });
    const options = { size: [3, 2], channels: 1, fit: 'pad' } as const;
    expect(await loadImage(join(root, 'some.jpg'), options)).toEqual(await readImage(file, options));
  });

  it('names the file and the fault', async () => {
    const root = await makeTree({ 'text.png': 'hello', 'empty.jpg': '' });
    const text = join(root, 'text.png');
    await expect(loadImage(text)).rejects.toThrow(`loadImage: cannot read ${text}: not a PNG`);
    await expect(loadImage(join(root, 'empty.jpg'))).rejects.toThrow('empty.jpg: the file is empty');
    await expect(loadImage(join(root, 'none.png'))).rejects.toThrow('none.png: there is no such file');
    await expect(loadImage(root)).rejects.toThrow('it is a folder');
    // @ts-expect-error an option that does not exist
    await expect(loadImage(text, { channels: 4 })).rejects.toThrow('loadImage: channels must be 1 or 3');
  });
});
