import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { makeFolder, writeReason } from '@ddad/files';
import { assertSize, encodePng, type Pixels } from '@ddad/images';
import { checkOptions } from '@ddad/options';
import { isFolder } from './layouts/files.js';
import { CATEGORIES, syntheticCategories, syntheticDefects } from './synthetic/categories.js';
import { drawDefective, drawGood } from './synthetic/draw.js';

export interface SyntheticCounts {
  /** Good training images. @default 160 */
  train?: number;
  /** Good test images. @default 20 */
  testGood?: number;
  /** Defective test images, the kinds of defect in turn. @default 40 */
  testDefect?: number;
}

export interface MakeSyntheticOptions {
  /** Folder to write `<category>` into; made if missing. */
  out: string;
  /** One of {@link syntheticCategories}. @default 'tiles' */
  category?: string;
  /** @default 0 */
  seed?: number;
  counts?: SyntheticCounts;
  /**
   * Side, or `[height, width]`, in pixels, at most 4096 x 4096; for `wood`, `leather`, `screw` and `board` at least
   * 64. @default 128
   */
  size?: number | readonly [number, number];
  /** Called after each image. */
  onProgress?: (progress: { done: number; total: number }) => void;
}

export interface SyntheticDataset {
  /** What `openDataset({ kind: 'mvtec', root, category })` wants. */
  root: string;
  category: string;
  counts: Required<SyntheticCounts>;
  /** True if the same set was there already and nothing was written. */
  reused: boolean;
}

const MOST_PIXELS = 4096 * 4096;
const MOST_IMAGES = 100_000;
/** Of categories with defects of all sizes. */
const LEAST_SIDE = 64;
const MARKER = 'synthetic.json';
/** Raised when the same options no longer give the same images. */
const VERSION = 1;

/**
 * Renders a data set in MVTec layout: `train/good`, `test/{good,<defect>}`, `ground_truth/<defect>/NNN_mask.png`,
 * and in `clean/<defect>/NNN.png` the same picture as `test/<defect>/NNN.png` without the defect.
 *
 * Good images differ in position, angle, light and sensor noise. Image NNN depends on category, seed, size, its
 * folder and its number, not on the counts. The folder appears when it is complete; one made with the same
 * options is kept as it is, one made with others is replaced.
 *
 * @throws if the category is unknown, or `<out>/<category>` exists and was not made by this function
 */
export async function makeSynthetic(options: MakeSyntheticOptions): Promise<SyntheticDataset> {
  checkOptions('makeSynthetic', options, {
    out: true,
    category: true,
    seed: true,
    counts: true,
    size: true,
    onProgress: true,
  });
  const { out, category = 'tiles', seed = 0, size = 128, onProgress } = options;
  const counts = { train: 160, testGood: 20, testDefect: 40, ...options.counts };
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  check(category, seed, counts, [height, width]);
  const root = resolve(out);
  const folder = join(root, category);
  const made = JSON.stringify({ version: VERSION, category, seed, counts, size: [height, width] });
  const result = { root, category, counts };
  if (await isFolder(folder)) {
    const before = await readMarker(folder);
    if (before === made) return { ...result, reused: true };
    if (before === undefined) {
      throw new Error(
        `makeSynthetic: ${folder} exists and holds no synthetic data set; choose another out folder`,
      );
    }
  }

  const scratch = join(root, `.${category}.${process.pid}.tmp`);
  await openScratch(scratch, out);
  const total = counts.train + counts.testGood + counts.testDefect;
  let done = 0;
  const write = async (path: string, image: Pixels) => {
    await makeFolder(dirname(join(scratch, path)));
    await writeFile(join(scratch, path), encodePng(image));
  };
  const advance = async () => {
    onProgress?.({ done: ++done, total });
    await setImmediate();
  };
  try {
    for (const [name, count] of [
      ['train/good', counts.train],
      ['test/good', counts.testGood],
    ] as const) {
      for (let i = 0; i < count; i++) {
        await write(
          `${name}/${number(i)}.png`,
          drawGood({ category, seed, height, width, folder: name, index: i }),
        );
        await advance();
      }
    }
    const defects = syntheticDefects[category]!;
    for (let i = 0; i < counts.testDefect; i++) {
      const defect = defects[i % defects.length]!;
      const index = Math.floor(i / defects.length);
      const place = { category, seed, height, width, folder: defect, index };
      const { image, clean, mask } = drawDefective(place, defect);
      await write(`test/${defect}/${number(index)}.png`, image);
      await write(`clean/${defect}/${number(index)}.png`, clean);
      await write(`ground_truth/${defect}/${number(index)}_mask.png`, mask);
      await advance();
    }
    await writeFile(join(scratch, MARKER), made);
    await rm(folder, { recursive: true, force: true });
    await rename(scratch, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return { ...result, reused: false };
}

function check(
  category: string,
  seed: number,
  counts: SyntheticCounts,
  size: readonly [number, number],
): void {
  if (!syntheticCategories.includes(category)) {
    throw new Error(
      `makeSynthetic: category must be one of ${syntheticCategories.join(', ')}, got '${category}'`,
    );
  }
  if (!Number.isInteger(seed)) throw new Error(`makeSynthetic: seed must be an integer, got ${seed}`);
  for (const [name, count] of Object.entries(counts)) {
    if (!['train', 'testGood', 'testDefect'].includes(name) || !Number.isInteger(count) || count < 0) {
      throw new Error(
        `makeSynthetic: counts has train, testGood and testDefect, 0 or more; got ${name}: ${count}`,
      );
    }
  }
  const images = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (images > MOST_IMAGES) {
    throw new Error(`makeSynthetic: needs at most ${MOST_IMAGES} images in all, got ${images}`);
  }
  assertSize('makeSynthetic', size);
  if (CATEGORIES[category]!.changes && Math.min(...size) < LEAST_SIDE) {
    throw new Error(
      `makeSynthetic: the shorter side of '${category}' must be at least ${LEAST_SIDE}, for its small defects to be ` +
        `seen; got ${size[0]} x ${size[1]}`,
    );
  }
  if (size[0] * size[1] > MOST_PIXELS) {
    throw new Error(`makeSynthetic: size must be at most ${MOST_PIXELS} pixels, got ${size[0]} x ${size[1]}`);
  }
}

function number(index: number): string {
  return String(index).padStart(3, '0');
}

async function openScratch(scratch: string, out: string): Promise<void> {
  try {
    await makeFolder(dirname(scratch));
    await rm(scratch, { recursive: true, force: true });
    await makeFolder(scratch);
  } catch (error) {
    throw new Error(
      `makeSynthetic: cannot write to ${out}: ${writeReason(error)}; choose another out folder`,
      {
        cause: error,
      },
    );
  }
}

async function readMarker(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, MARKER), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
