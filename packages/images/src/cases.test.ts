import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readImage } from './read-image.js';

const fixtures = new URL('../fixtures/', import.meta.url);
/** Pillow's pixels of files that other readers get wrong or refuse (tools/fixtures/case-fixtures.py). */
const expected: Record<string, { width: number; height: number; sha256: string }> = JSON.parse(
  readFileSync(new URL('cases.json', fixtures), 'utf8'),
);

it.each(readdirSync(new URL('cases/', fixtures)))(
  'reads %s as Pillow does, or refuses it by name',
  async (name) => {
    const file = readFileSync(new URL(`cases/${name}`, fixtures));
    if (name === 'half.tif') {
      await expect(readImage(file)).rejects.toThrow('its samples are floating-point numbers');
      return;
    }
    const { data, width, height } = await readImage(file);
    const sha256 = createHash('sha256').update(data).digest('hex');
    expect({ width, height, sha256 }).toEqual(expected[name]);
  },
);
