import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { detectFiles } from './detect-files.js';
import { UserError } from './user-error.js';

const { at, trained } = useTrained();

test('detectFiles looks through a folder and writes overlays', async () => {
  const checkpoint = trained('checkpoints');
  const results = await detectFiles(trained('data', 'weave', 'test', 'good'), {
    checkpoint,
    out: at('overlays'),
  });
  expect(results).toHaveLength(3);
  for (const { overlay } of results) expect((await readFile(overlay!)).subarray(1, 4).toString()).toBe('PNG');
  await writeFile(at('note.png'), 'no image');
  await expect(detectFiles(at('note.png'), { checkpoint })).rejects.toThrow(/note\.png/);
  await expect(detectFiles(at('nowhere'), { checkpoint })).rejects.toThrow(UserError);
  await expect(
    detectFiles(trained('results', 'maps'), { checkpoint, out: trained('results', 'maps') }),
  ).rejects.toThrow(/--out/);
});
