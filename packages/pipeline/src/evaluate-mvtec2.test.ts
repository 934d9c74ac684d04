import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Detector } from '@ddad/detector';
import { encodePng, readImage } from '@ddad/images';
import { uniform } from '@ddad/testing';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import type { ConfigInput } from './config/schema.js';
import { evaluate } from './evaluate.js';
import { float16Bits } from './io/float16-tiff.js';

const { config, copy, output, trained, at } = useTrained();

/** The images of the trained detector in MVTec AD 2's layout, and two private ones that are not square. */
async function mvtec2Tree(): Promise<string> {
  const root = at('mvtec2');
  const [from, to] = [trained('data', 'weave'), join(root, 'can')];
  const files = async (folder: string) => (await readdir(join(from, folder))).sort();
  await cp(join(from, 'train'), join(to, 'train'), { recursive: true });
  await cp(join(from, 'test', 'good'), join(to, 'test_public', 'good'), { recursive: true });
  await mkdir(join(to, 'validation', 'good'), { recursive: true });
  for (const name of (await files('train/good')).slice(0, 3)) {
    await cp(join(from, 'train', 'good', name), join(to, 'validation', 'good', name));
  }
  const truth = join(to, 'test_public', 'ground_truth', 'bad');
  await mkdir(truth, { recursive: true });
  await mkdir(join(to, 'test_public', 'bad'));
  // of the two the untrained networks find one, beyond its mask too
  for (const gray of [128, 255]) {
    const size = { width: 32, height: 32 };
    const picture = encodePng({ data: new Uint8Array(32 * 32).fill(gray), ...size, channels: 1 });
    await writeFile(join(to, 'test_public', 'bad', `${gray}.png`), picture);
    const left = Uint8Array.from({ length: 32 * 32 }, (_, i) => (i % 32 < 16 ? 255 : 0));
    await writeFile(join(truth, `${gray}_mask.png`), encodePng({ data: left, ...size, channels: 1 }));
  }
  for (const [set, name] of [
    ['test_private', '000_regular'],
    ['test_private_mixed', '000_mixed'],
  ]) {
    const data = Uint8Array.from(uniform(name, [24, 40, 3]), (value) => 128 + 127 * value);
    await mkdir(join(to, set), { recursive: true });
    await writeFile(join(to, set, `${name}.png`), encodePng({ data, width: 40, height: 24, channels: 3 }));
  }
  return root;
}

test("MVTec AD 2's protocol: SegF1 at the threshold of its validation images, and what its server judges", async () => {
  const root = await mvtec2Tree();
  const folder = await copy('can');
  const mvtec2: ConfigInput = {
    ...config,
    data: { ...config.data, kind: 'mvtec2', root, category: 'can' },
    output: { ...output('can'), report: false },
  };
  const submission = at('submission');
  const { metrics, files } = await evaluate(mvtec2, { submission });
  expect(files.submission).toBe(submission);

  const detector = await Detector.load(folder);
  const mapOf = async (path: string) => (await detector.detect(join(root, 'can', path))).map;
  const below = async (path: string) =>
    (await readdir(join(root, 'can', path))).sort().map((name) => `${path}/${name}`);
  const good: number[] = [];
  for (const path of await below('validation/good')) good.push(...(await mapOf(path)));
  const mean = good.reduce((sum, value) => sum + value, 0) / good.length;
  const variance = good.reduce((sum, value) => sum + (value - mean) ** 2, 0) / good.length;
  const threshold = mean + 3 * Math.sqrt(variance);

  let [found, wrong, missed] = [0, 0, 0];
  for (const path of [...(await below('test_public/good')), ...(await below('test_public/bad'))]) {
    const truth = path.replace('/bad/', '/ground_truth/bad/').replace('.png', '_mask.png');
    const mask = path.includes('/bad/')
      ? (await readImage(await readFile(join(root, 'can', truth)), { channels: 1 })).data
      : undefined;
    (await mapOf(path)).forEach((value, i) => {
      if (value >= threshold) mask?.[i] ? found++ : wrong++;
      else if (mask?.[i]) missed++;
    });
  }
  for (const count of [found, wrong, missed]) expect(count).toBeGreaterThan(0);
  expect(metrics.segF1).toBeCloseTo((2 * found) / (2 * found + wrong + missed), 12);
  expect(metrics.aupro05).toBeGreaterThanOrEqual(0);

  for (const name of ['test_private/000_regular', 'test_private_mixed/000_mixed']) {
    const map = await mapOf(`${name}.png`);
    const tiff = await readFile(join(submission, 'anomaly_images', 'can', `${name}.tiff`));
    expect(tiff.length).toBeGreaterThan(2 * 40 * 24);
    // between the centres of columns 3 and 4, and of rows 2 and 3, of 32: 3.5 + 0.1, 2.5 + 1/6
    const between = (x: number, y: number) => {
      const [left, top] = [(x + 0.5) * 0.8 - 0.5, ((y + 0.5) * 32) / 24 - 0.5];
      const [i, j] = [Math.floor(left), Math.floor(top)];
      const part = (row: number) => map[row * 32 + i] * (1 - left + i) + map[row * 32 + i + 1] * (left - i);
      return part(j) * (1 - top + j) + part(j + 1) * (top - j);
    };
    const thresholded = await readFile(join(submission, 'anomaly_images_thresholded', 'can', `${name}.png`));
    const png = await readImage(thresholded, { channels: 1 });
    expect([png.width, png.height]).toEqual([40, 24]);
    for (let y = 1; y < 23; y++) {
      for (let x = 1; x < 39; x++) {
        const value = between(x, y);
        expect(Math.abs(tiff.readUInt16LE(8 + 2 * (y * 40 + x)) - float16Bits(value))).toBeLessThanOrEqual(1);
        if (Math.abs(value - threshold) > 1e-6) {
          expect(png.data[y * 40 + x]).toBe(value >= threshold ? 255 : 0);
        }
      }
    }
  }
  detector.dispose();

  // each picture is a tile
  const inTiles = await evaluate({ ...mvtec2, data: { ...mvtec2.data, tiles: 32 } });
  expect(inTiles.metrics.segF1).toBeCloseTo(metrics.segF1!, 12);

  await expect(evaluate(config, { submission })).rejects.toThrow(
    /option submission: needs MVTec AD 2, got a data set of kind mvtec/,
  );
  await expect(
    evaluate({ ...mvtec2, data: { ...mvtec2.data, fit: 'crop' } }, { submission }),
  ).rejects.toThrow(/needs maps of all of each image, but data\.fit is crop/);
});
