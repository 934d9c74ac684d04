import { writeFile } from 'node:fs/promises';
import { loadImage } from '@ddad/datasets';
import { UserError } from '@ddad/detector';
import { collect } from '@ddad/testing';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { detectFiles } from './detect-files.js';

const { at, trained } = useTrained();

test('detectFiles looks through a folder and writes overlays', async () => {
  const checkpoint = trained('checkpoints');
  const results = await collect(
    detectFiles(trained('data', 'weave', 'test', 'good'), { checkpoint, out: at('overlays') }),
  );
  expect(results.map(({ path }) => path)).toEqual(
    ['000', '001', '002'].map((name) => trained('data', 'weave', 'test', 'good', `${name}.png`)),
  );
  for (const { path, overlay } of results) {
    const [photo, made] = await Promise.all([path, overlay!].map((file) => loadImage(file)));
    expect([made.width, made.height]).toEqual([photo.width, photo.height]);
  }
  await writeFile(at('note.png'), 'no image');
  await expect(detectFiles(at('note.png'), { checkpoint }).next()).rejects.toThrow(/note\.png/);
  await expect(detectFiles(at('nowhere'), { checkpoint }).next()).rejects.toThrow(UserError);
  await expect(
    detectFiles(trained('results', 'maps'), { checkpoint, out: trained('results', 'maps') }).next(),
  ).rejects.toThrow(/option out/);
});
