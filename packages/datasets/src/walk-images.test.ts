import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree, pngs } from '../testing/tree.js';
import { describeIgnored, walkImages } from './walk-images.js';

const below = (root: string, paths: readonly string[]) =>
  paths.map((path) => relative(root, path).split(sep).join('/'));

describe('walkImages', () => {
  it('lists images by extension in any case, sorted by path, without what systems leave behind', async () => {
    const root = await makeTree({
      ...pngs('b.PNG', 'a.jpg', 'a/1.Jpeg', 'a/deep/er/2.bmp', 'a-1.tif', 'Z.TIFF', 'c.png.txt', 'png'),
      ...pngs('.hidden.png', '._b.PNG', '.git/c.png', '__MACOSX/d.png', '@eaDir/e.jpg', 'a/.thumbs/f.png'),
      ...{ '.DS_Store': 'x', 'Thumbs.db': 'x', 'desktop.ini': 'x' },
    });
    const { images, folders, ignored } = await walkImages(root);
    expect(below(root, images)).toEqual([
      'Z.TIFF',
      'a-1.tif',
      'a.jpg',
      'a/1.Jpeg',
      'a/deep/er/2.bmp',
      'b.PNG',
    ]);
    expect(below(root, folders)).toEqual(['a', 'a/deep', 'a/deep/er']);
    expect(ignored).toEqual([]);
  });

  it('follows links to folders and files once, and never in a circle', async () => {
    const elsewhere = await makeTree(pngs('1.png', 'sub/2.png'));
    const root = await makeTree(pngs('real/0.png', 'other/3.png'));
    await symlink(elsewhere, join(root, 'linked'));
    await symlink(join(root, 'real', '0.png'), join(root, 'file.png'));
    await symlink(root, join(root, 'real', 'loop'));
    await symlink('.', join(root, 'self'));
    await symlink(join(root, 'other'), join(root, 'a-second-way'));
    await symlink(root, join(elsewhere, 'back'));
    await symlink(join(root, 'nowhere'), join(root, 'broken.png'));
    await symlink('ouroboros', join(root, 'ouroboros'));
    const { images } = await walkImages(root);
    expect(below(root, images)).toEqual([
      'broken.png',
      'file.png',
      'linked/1.png',
      'linked/sub/2.png',
      'other/3.png',
      'real/0.png',
    ]);
    // From within: what is above the folder is not below it.
    expect(below(root, (await walkImages(join(root, 'real'))).images)).toEqual(['real/0.png']);
    // Through a link, too.
    expect(below(root, (await walkImages(join(root, 'linked', 'sub'))).images)).toEqual(['linked/sub/2.png']);
  });

  it('leaves out folders, by whatever path they are given', async () => {
    const root = await makeTree(pngs('a/1.png', 'test/2.png', 'test/deep/3.png'));
    await symlink(join(root, 'test'), join(root, 'b'));
    for (const except of [join(root, 'test'), join(root, 'b'), join(root, 'a', '..', 'test')]) {
      expect(below(root, (await walkImages(root, { except: [except] })).images)).toEqual(['a/1.png']);
    }
    const none = await walkImages(root, { except: [join(root, 'nowhere')] });
    expect(none.images.length).toBe(3);
  });

  it('counts pictures in formats that are not read', async () => {
    const root = await makeTree({
      ...pngs('1.HEIC', 'a/2.heic', 'a/3.heif', '4.gif', '5.GIF', '6.avif', 'x.tar.gz', 'parts.zip', '7.CR2'),
      ...pngs('.8.heic', 'notes.txt', 'labels.json', '9.png'),
    });
    const { images, ignored } = await walkImages(root);
    expect(below(root, images)).toEqual(['9.png']);
    expect(ignored.map(({ format, paths }) => [format, below(root, paths)])).toEqual([
      ['HEIC', ['1.HEIC', 'a/2.heic', 'a/3.heif']],
      ['GIF', ['4.gif', '5.GIF']],
      ['AVIF', ['6.avif']],
      ['TAR', ['x.tar.gz']],
      ['ZIP', ['parts.zip']],
      ['camera raw', ['7.CR2']],
    ]);
    expect(describeIgnored(ignored)).toBe(
      '3 HEIC, 2 GIF, 1 AVIF (6.avif), 1 TAR (x.tar.gz), 1 ZIP (parts.zip), 1 camera raw (7.CR2)',
    );
  });

  it('names a folder that is not there', async () => {
    const root = await makeTree(pngs('a.png'));
    await expect(walkImages(join(root, 'no'))).rejects.toThrow(`walkImages: there is no folder ${root}/no`);
    await expect(walkImages(join(root, 'a.png'))).rejects.toThrow('there is no folder');
  });

  it.runIf(process.getuid?.() !== 0)('names a folder that may not be listed', async () => {
    const root = await makeTree(pngs('a.png'));
    await mkdir(join(root, 'locked'), { mode: 0o000 });
    await expect(walkImages(root)).rejects.toThrow(`${root}/locked: permission denied`);
    await chmod(join(root, 'locked'), 0o755);
  });
});
