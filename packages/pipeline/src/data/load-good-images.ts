import { loadTiles } from '@ddad/datasets';
import {
  asUserError,
  drawn,
  interruptible,
  maskOfTile,
  maskSource,
  pictureMap,
  type RegionOfInterest,
  type TaskOptions,
  tilesPerPicture,
} from '@ddad/detector';
import type { Config } from '../config/schema.js';
import { sizeOf } from './header-of-file.js';
import type { ImagePlace } from './image-place.js';
import { allImages, describeSkipped, loadImages } from './load-images.js';

/** Good images as the networks see them. */
export interface GoodImages<S> {
  /** Pictures. */
  samples: S[];
  /** Of each picture what is seen of it: all of it at once, or tiles. */
  parts: { bytes: Uint8Array; place: ImagePlace }[][];
}

/**
 * Decodes pictures and keeps what the networks see of them: all of each, or under `data.tiles` tiles in which something is
 * judged; where those are too many for the memory, as many of each picture, drawn by the seed.
 *
 * @param options.region what of them is judged @default all
 * @throws {UserError} an image does not decode and `data.skipBad` is off, or is smaller than a tile
 * @throws {InterruptedError} `signal` was fired
 */
export async function loadGoodImages<S extends { id: string; imagePath: string }>(
  samples: readonly S[],
  config: Config,
  { region, ...run }: TaskOptions & { region?: RegionOfInterest },
): Promise<GoodImages<S>> {
  if (config.data.tiles === null) {
    const store = await loadImages(samples, config, run);
    const images = allImages(store);
    return {
      samples: store.samples,
      parts: store.samples.map(({ imagePath: path }, picture) => [
        { bytes: images[picture], place: { path, picture } },
      ]),
    };
  }
  const { imageSize: side, channels, window, skipBad, cacheDir } = config.data;
  const { onProgress, onNotice, signal } = run;
  const { chosen, all } = await chooseTiles(samples, config, region);
  const taken = chosen.reduce((sum, { tiles }) => sum + tiles.length, 0);
  if (taken < all) {
    onNotice?.(
      `${taken} of the ${all} tiles of ${samples.length} pictures are learnt from, as many as memory is kept for`,
    );
  }
  const load = () =>
    loadTiles(chosen, {
      ...{
        size: [side, side] as const,
        channels,
        window: window ?? undefined,
        skipBad,
        cacheDir: cacheDir ?? undefined,
        signal,
      },
      onProgress: ({ done, total }) => onProgress?.({ phase: 'load', done, total }),
    });
  const store = await interruptible(() => asUserError(load, { code: 'image' }), {
    signal,
    doing: 'loading images',
  });
  describeSkipped(
    store.skipped.map(({ sample }) => sample.sample.id),
    onNotice,
  );
  return {
    samples: store.samples.map(({ sample }) => sample),
    parts: store.samples.map(({ imagePath: path, tiles, mapWidth }, picture) =>
      tiles.map((tile, i) => ({
        bytes: store.tiles[picture][i],
        place: { path, picture, tile: { ...tile, mapWidth } },
      })),
    ),
  };
}

async function chooseTiles<S extends { imagePath: string }>(
  samples: readonly S[],
  config: Config,
  region: RegionOfInterest | undefined,
) {
  const { imageSize: side, channels } = config.data;
  const maskOf = maskSource({ config, regionOfInterest: region });
  const most = tilesPerPicture(samples.length, side * side * channels);
  let all = 0;
  const chosen = [];
  for (const [i, sample] of samples.entries()) {
    const size = await sizeOf(sample.imagePath);
    // whoever decodes it says what is wrong
    const map = size && pictureMap(size, config, sample.imagePath);
    const mask = size && maskOf(size);
    const mapWidth = map?.width ?? 0;
    const judged = (map?.tiles ?? []).filter(
      (tile) => maskOfTile(mask, tile, { width: mapWidth, side }) !== null,
    );
    all += judged.length;
    const tiles = drawn(judged, { most, seed: config.seed, key: i });
    chosen.push({ sample, imagePath: sample.imagePath, tiles, mapWidth });
  }
  return { chosen, all };
}
