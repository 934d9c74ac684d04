import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { replaceFile } from './replace-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ddad-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('writes, replaces, makes folders and leaves no temporary file', async () => {
  const path = join(folder, 'a', 'b', 'state.json');
  await replaceFile(path, 'one');
  await replaceFile(path, new Uint8Array([116, 119, 111]));
  expect(await readFile(path, 'utf8')).toBe('two');
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['state.json']);
});

test('where it fails, the old is as it was and no temporary file stays', async () => {
  const path = join(folder, 'c', 'kept');
  await replaceFile(path, 'old');
  await expect(replaceFile(path, 7 as unknown as string)).rejects.toThrow(TypeError); // not an error of the disk
  expect(await readFile(path, 'utf8')).toBe('old');
  await mkdir(join(folder, 'c', 'folder'));
  await expect(replaceFile(join(folder, 'c', 'folder'), '')).rejects.toThrow(
    `cannot write ${join(folder, 'c', 'folder')}: it is a folder`,
  );
  await expect(replaceFile(join(path, 'x'), '')).rejects.toThrow(
    'a part of the path is a file, not a folder',
  );
  expect((await readdir(join(folder, 'c'))).sort()).toEqual(['folder', 'kept']);
});

test('threads that write one file leave one of theirs, whole', async () => {
  const path = join(folder, 'shared');
  const script = `
    import { workerData } from 'node:worker_threads';
    import { replaceFile } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    for (let i = 0; i < 5; i++) await replaceFile(workerData.path, workerData.letter.repeat(1e6));`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(script)}`);
  const ended = ['a', 'b', 'c'].map(
    (letter) =>
      new Promise((resolve, reject) => {
        new Worker(url, { workerData: { path, letter } }).on('error', reject).on('exit', resolve);
      }),
  );
  expect(await Promise.all(ended)).toEqual([0, 0, 0]);
  expect(await readFile(path, 'utf8')).toMatch(/^(a{1000000}|b{1000000}|c{1000000})$/);
  expect((await readdir(folder)).filter((name) => name.startsWith('shared'))).toEqual(['shared']);
});
