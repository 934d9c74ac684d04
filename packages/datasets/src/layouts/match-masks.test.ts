import { describe, expect, it } from 'vitest';
import { matchMasks, type Named, named } from './match-masks.js';

const at = (folder: string, paths: readonly string[]): Named[] =>
  named(
    `/${folder}`,
    paths.map((path) => `/${folder}/${path}`),
  );
const match = (images: readonly string[], masks: readonly string[]) => {
  const { masks: found, problems } = matchMasks(at('test', images), at('truth', masks), (path) =>
    path.slice(1),
  );
  const pairs = [...found].map(([image, mask]) => [
    image.slice('/test/'.length),
    mask.slice('/truth/'.length),
  ]);
  return { pairs: Object.fromEntries(pairs), problems };
};
const clean = (images: string[], masks: string[]) => {
  const { pairs, problems } = match(images, masks);
  expect(problems).toEqual([]);
  return pairs;
};

describe('matchMasks', () => {
  it('goes by path and stem, whatever the extension and the case of _mask', () => {
    const images = ['a/000.jpg', 'a/001.png', 'b/000.png', 'b/002.TIF', 'b/003.png'];
    const masks = ['a/000_mask.png', 'a/001.png', 'b/000_MASK.PNG', 'b/002_Mask.bmp', 'c/000.png'];
    expect(clean(images, masks)).toEqual({
      'a/000.jpg': 'a/000_mask.png',
      'a/001.png': 'a/001.png',
      'b/000.png': 'b/000_MASK.PNG',
      'b/002.TIF': 'b/002_Mask.bmp',
    });
  });

  it('takes composed and decomposed letters for the same', () => {
    const [nfc, nfd] = ['Riß/Größe 1'.normalize('NFC'), 'Riß/Größe 1'.normalize('NFD')];
    expect(nfc).not.toBe(nfd);
    expect(clean([`${nfd}.png`], [`${nfc}_mask.png`])).toEqual({ [`${nfd}.png`]: `${nfc}_mask.png` });
    expect(clean([`${nfc}.png`], [`${nfd}_mask.png`])).toEqual({ [`${nfc}.png`]: `${nfd}_mask.png` });
  });

  it('keeps the case of stems', () => {
    expect(clean(['A.png', 'a.png'], ['a_mask.png'])).toEqual({ 'a.png': 'a_mask.png' });
  });

  it('knows images that are called masks', () => {
    expect(clean(['face_mask.jpg'], ['face_mask.png'])).toEqual({ 'face_mask.jpg': 'face_mask.png' });
    expect(clean(['face_mask.jpg'], ['face_mask_mask.png'])).toEqual({
      'face_mask.jpg': 'face_mask_mask.png',
    });
    expect(clean(['face.jpg', 'face_mask.jpg'], ['face_mask.png'])).toEqual({ 'face.jpg': 'face_mask.png' });
  });

  it('takes a mask nearer to the top where only one image can be meant', () => {
    expect(clean(['a/000.png', 'b/001.png'], ['000_mask.png', '001.png'])).toEqual({
      'a/000.png': '000_mask.png',
      'b/001.png': '001.png',
    });
    expect(clean(['000.png', 'a/000.png'], ['000_mask.png'])).toEqual({ '000.png': '000_mask.png' });
    expect(clean(['a/000.png', 'b/000.png'], ['000_mask.png', 'b/000_mask.png'])).toEqual({
      'a/000.png': '000_mask.png',
      'b/000.png': 'b/000_mask.png',
    });
  });

  it('never takes a mask from another branch or from below', () => {
    expect(clean(['a/000.png'], ['b/000_mask.png'])).toEqual({});
    expect(clean(['000.png'], ['a/000_mask.png'])).toEqual({});
    expect(clean(['ab/000.png'], ['a/000_mask.png'])).toEqual({});
  });

  it('refuses two masks of an image, by name', () => {
    for (const masks of [
      ['a/0.png', 'a/0_mask.png'],
      ['a/0_mask.png', 'a/0_mask.bmp'],
      ['a/0_MASK.png', 'a/0_mask.png'],
      ['0.png', '0_mask.png'],
      ['a/0_mask.png', 'a/0.tif'],
    ]) {
      const { pairs, problems } = match(['a/0.jpg'], masks);
      expect(pairs).toEqual({});
      expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['ambiguous-mask', 'error']]);
      expect(problems[0]!.message).toContain('test/a/0.jpg has 2 masks: ');
      for (const path of problems[0]!.paths) expect(problems[0]!.message).toContain(path);
    }
  });

  it('refuses a mask that two images may have, by name', () => {
    const { pairs, problems } = match(
      ['a/000.png', 'b/000.png', 'c/1.png', 'c/1.jpg'],
      ['000_mask.png', 'c/1_mask.png'],
    );
    expect(pairs).toEqual({});
    expect(problems.map(({ message, paths }) => [message, paths.length])).toEqual([
      ['truth/c/1_mask.png may be the mask of test/c/1.png or of test/c/1.jpg', 3],
      ['truth/000_mask.png may be the mask of test/a/000.png or of test/b/000.png', 3],
    ]);
  });

  /** A tree of random images and masks: no mask twice, no image with two, all claims by path kept. */
  it('gives each mask to one image and each image one mask, in any tree', () => {
    let state = 7;
    const random = (n: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % n;
    };
    const names = (prefix: string) => [
      ...new Set(
        Array.from({ length: 12 }, () => `${['', 'a/', 'a/b/', 'c/'][random(4)]}${random(4)}${prefix}`),
      ),
    ];
    for (let round = 0; round < 200; round++) {
      const images = names('.png');
      const masks = [...names('_mask.png'), ...names('.bmp').slice(0, random(3))];
      const { pairs, problems } = match(images, masks);
      const given = Object.values(pairs);
      expect(new Set(given).size).toBe(given.length);
      const doubtful = new Set(problems.flatMap(({ paths }) => paths));
      for (const image of images) {
        const key = image.slice(0, -'.png'.length);
        const own = masks.filter((mask) => mask.replace(/(_mask)?\.\w+$/, '') === key);
        if (own.length === 1) expect(pairs[image]).toBe(own[0]);
        if (own.length > 1) expect(doubtful.has(`test/${image}`)).toBe(true);
      }
    }
  });
});
