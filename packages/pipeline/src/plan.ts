import { totalmem } from 'node:os';
import {
  calibrationTiles,
  checkOptions,
  pictureMap,
  reconstructedSize,
  type TaskOptions,
  tilesPerPicture,
  UserError,
} from '@ddad/detector';
import { loadConfig } from './config/load-config.js';
import type { Config, ConfigInput } from './config/schema.js';
import { openData } from './data/open-data.js';
import { pictureSizes } from './data/picture-sizes.js';
import { judgingMemory } from './training/judging-memory.js';
import { roughTime } from './training/rough-time.js';
import { programMemory, type TrainingCost, trainingCost } from './training/training-cost.js';

/** What a run will do, as far as can be said before anything is decoded, trained or computed. */
export interface Plan {
  /** Good images to train on. */
  train: number;
  test: number;
  /** Sizes of the training images, upright, the most frequent first. */
  sizes: { width: number; height: number; count: number }[];
  /** Side of the square that they are seen at, pixels. */
  seen: number;
  /** Side of the square that they are reconstructed at. */
  reconstructed: number;
  /** Under `data.tiles`: side of a tile in pixels of the picture, and how many an image of the most frequent size has. */
  tiles?: { side: number; count: number };
  /** What is smaller on an image of the most frequent size is less than two pixels as it is seen. */
  smallestDefect?: { width: number; height: number };
  cost: TrainingCost;
  /** Seconds until the detector is to be ready, where that was asked for. */
  budget: number | null;
}

export interface PlanOptions extends Pick<TaskOptions, 'onNotice'> {
  /** The first stage alone: nothing is trained. @default false */
  instant?: boolean;
}

/** A memory that no computer with this one's has for a network is not tried. */
const impossible = 3;

/**
 * Looks at the folders and the headers of images, and says what a run of this configuration will take.
 *
 * @throws {UserError} missing data, sizes that cannot be built or kept in memory, fewer than 3 good images
 */
export async function plan(config: ConfigInput | string, options: PlanOptions = {}): Promise<Plan> {
  checkOptions('plan', options, { onNotice: true, instant: true });
  const { onNotice, instant = false } = options;
  const resolved = loadConfig(config, { onNotice });
  const dataset = await openData(resolved, {});
  const good = dataset.train.filter(({ label }) => label === 0);
  if (good.length < 3) {
    throw new UserError(`needs at least 3 good images, got ${good.length} in ${resolved.data.root}`, {
      code: 'data',
      remedy: '40 or more let it hold some back to set the threshold with',
    });
  }
  const sizes = await pictureSizes(good.map(({ imagePath }) => imagePath));
  const [first] = sizes;
  const tiles = first && tilesOf(first, resolved);
  const cost = costOf(resolved, { train: good.length, test: dataset.test.length, tiles, first, instant });
  if (cost.memory > impossible * totalmem()) {
    throw new UserError(
      `data.imageSize: images of ${resolved.data.imageSize} pixels take about ${bytes(cost.memory)} of memory, ` +
        `this machine has ${bytes(totalmem())}`,
      { code: 'config', remedy: 'choose fewer, such as 256, or a smaller training.microBatchSize' },
    );
  }
  return {
    train: good.length,
    test: dataset.test.length,
    sizes,
    seen: resolved.data.imageSize,
    reconstructed: reconstructedSize(resolved),
    ...(tiles && { tiles }),
    ...(first && { smallestDefect: smallestDefect(first, resolved) }),
    cost,
    budget: instant ? null : resolved.training.budget,
  };
}

/** @throws {UserError} the image is smaller than a tile */
function tilesOf(image: { width: number; height: number }, config: Config): Plan['tiles'] {
  const { tiles } = pictureMap(image, config);
  return tiles && { side: config.data.tiles!, count: tiles.length };
}

/** Bytes for each pixel of a picture that is cut into tiles: decoded twice over, and its map. */
const perPixelInTiles = 20;

function costOf(
  config: Config,
  {
    train: pictures,
    test: tested,
    tiles,
    first,
    instant,
  }: {
    train: number;
    test: number;
    tiles: Plan['tiles'];
    first: { width: number; height: number } | undefined;
    instant: boolean;
  },
): TrainingCost {
  const { imageSize, channels } = config.data;
  const kept = tiles && Math.min(tiles.count, tilesPerPicture(pictures, imageSize ** 2 * channels));
  const train = pictures * (kept ?? 1);
  const cost = trainingCost(config, train);
  // of tiles no more than a few are judged at once, whatever the number of pictures
  const judging = tiles
    ? judgingMemory(config, { train, test: calibrationTiles }) +
      perPixelInTiles * first!.width * first!.height
    : judgingMemory(config, { train, test: tested });
  if (instant) return { ...cost, steps: 0, seconds: 0, memory: judging, disk: 0 };
  // what the first stage took is not given back before the training
  const memory =
    config.memory.vectors > 0 ? judging + cost.memory - programMemory : Math.max(cost.memory, judging);
  return { ...cost, memory };
}

/** Two pixels as they are seen, in pixels of the image: below, the sampling theorem lets nothing through for sure. */
function smallestDefect(
  { width, height }: { width: number; height: number },
  { data: { imageSize, fit, tiles } }: Config,
): { width: number; height: number } {
  const fitted =
    fit === 'pad' ? Math.max(width, height) : fit === 'crop' ? Math.min(width, height) : undefined;
  const side = tiles ?? fitted;
  const across = (side ?? width) / imageSize;
  const down = (side ?? height) / imageSize;
  return { width: Math.max(1, Math.ceil(2 * across)), height: Math.max(1, Math.ceil(2 * down)) };
}

/** A {@link Plan} in lines. */
export function describePlan({
  train,
  test,
  sizes,
  seen,
  reconstructed,
  tiles,
  smallestDefect,
  cost,
  budget,
}: Plan): string[] {
  const [first, ...others] = sizes;
  const size = first && `${first.width}x${first.height}${others.length ? ' most of them' : ''}`;
  const counts = `${train} good images to train on, ${test || 'none'} to test`;
  const lines = [size ? `${counts}; ${size}` : counts];
  if (smallestDefect) {
    const { width, height } = smallestDefect;
    lines.push(
      `seen ${tiles ? `in ${tiles.count} tiles of ${tiles.side}x${tiles.side} pixels, each ` : ''}at ${seen}x${seen}` +
        (reconstructed === seen ? '' : ` and reconstructed at ${reconstructed}x${reconstructed}`) +
        (Math.max(width, height) > 1
          ? `: a defect smaller than about ${width}x${height} pixels of the picture vanishes (${tiles ? 'data.tiles' : 'data.imageSize'})`
          : ''),
    );
  }
  const { steps, batchSize, seconds, memory, disk } = cost;
  if (steps === 0) {
    lines.push(`takes about ${bytes(memory)} of memory; nothing is trained`);
    return lines;
  }
  const time =
    budget === null
      ? `${steps} steps of ${batchSize} images, about ${roughTime(seconds)} on two CPU cores`
      : `at most ${roughTime(budget)} (training.budget)`;
  lines.push(`takes ${time}, about ${bytes(memory)} of memory and ${bytes(disk)} of disk`);
  if (memory > 0.8 * totalmem())
    lines.push(`this machine has ${bytes(totalmem())} of memory: it may not be enough`);
  return lines;
}

function bytes(count: number): string {
  return count < 1e9 ? `${Math.max(1, Math.round(count / 1e6))} MB` : `${(count / 1e9).toPrecision(2)} GB`;
}
