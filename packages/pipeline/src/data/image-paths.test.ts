import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { imagePaths } from './image-paths.js';
import { openData } from './open-data.js';

async function tree(...files: string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'ddad-paths-'));
  for (const file of files) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), '');
  }
  return root;
}

test('lists what training would: extensions in any case, links once, no hidden files', async () => {
  const root = await tree(
    'b.PNG',
    'a/1.Jpeg',
    '.c.png',
    '._b.PNG',
    '__MACOSX/b.png',
    '.git/d.png',
    'notes.txt',
  );
  await symlink(root, join(root, 'a', 'loop'));
  await symlink(await tree('2.bmp'), join(root, 'linked'));
  const notices: string[] = [];
  const paths = await imagePaths(root, { onNotice: (text) => notices.push(text) });
  const names = paths.map((path) => relative(root, path).split(sep).join('/'));
  expect(names).toEqual(['a/1.Jpeg', 'b.PNG', 'linked/2.bmp']);
  expect(notices).toEqual([]);

  const { train } = await openData(loadConfig({ data: { kind: 'folder', root } }));
  expect(train.map(({ id }) => id)).toEqual(names);
  // A file is taken by its name, whatever that is.
  expect(await imagePaths(join(root, 'notes.txt'))).toEqual([join(root, 'notes.txt')]);
});

test('names pictures that are not read, in detection and training alike', async () => {
  const root = await tree('1.png', '2.heic', '3.HEIC', 'a/4.gif');
  const notices: string[] = [];
  const onNotice = (text: string) => notices.push(text);
  await imagePaths(root, { onNotice });
  await openData(loadConfig({ data: { kind: 'folder', root } }), { onNotice });
  const text = 'not read, since of other formats: 2 HEIC, 1 GIF (4.gif)';
  expect(notices).toEqual([text, text]);
  await expect(imagePaths(join(root, 'a'))).rejects.toThrow(
    /no images .* in .*a; not read.*1 GIF \(4\.gif\)/,
  );
  await expect(imagePaths(join(root, 'no'))).rejects.toThrow('there is no file or folder');
});

test('asks in one line, with a remedy, which images are good', async () => {
  const root = await tree('nok/1.png', 'photos/1.png');
  const error = await openData(loadConfig({ data: { kind: 'folder', root } })).catch((e: unknown) => e);
  expect(error).toMatchObject({
    name: 'UserError',
    code: 'data',
    reason: `openDataset: which images in ${root} are good? There are nok (1 image), photos (1 image); defects by name: nok`,
    remedy: expect.stringContaining("put the good ones in a folder 'good'"),
  });
});
