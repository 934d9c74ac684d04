import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from './make-folder.js';

it('makes a folder and those above it, also many at once', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ddad-folder-'));
  await Promise.all(Array.from({ length: 20 }, (_, i) => makeFolder(join(root, 'a', 'b', `${i % 4}`, 'c'))));
  for (let i = 0; i < 4; i++) expect(existsSync(join(root, 'a', 'b', `${i}`, 'c'))).toBe(true);
  await makeFolder(root);
});

it('fails where a part of the path is a file', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ddad-folder-'));
  await writeFile(join(root, 'file'), '');
  await expect(makeFolder(join(root, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(root, 'file', 'a'))).rejects.toThrow('ENOTDIR');
});

it.runIf(existsSync('/proc/self'))('fails in /proc instead of trying for ever', async () => {
  await expect(makeFolder('/proc/ddad/a/b')).rejects.toThrow('ENOENT');
});
