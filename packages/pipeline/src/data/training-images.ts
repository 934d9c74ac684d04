import type { Dataset } from '@ddad/datasets';
import { maskSource, type RegionOfInterest, type TaskOptions } from '@ddad/detector';
import type { Config } from '../config/schema.js';
import { sha256 } from '../io/sha256.js';
import { deepNotice } from './deep-notice.js';
import { holdBack } from './hold-back.js';
import { type ImagePlace, maskOf } from './image-place.js';
import { loadGoodImages } from './load-good-images.js';
import { regionOfConfig } from './region-of-config.js';

/** The good training images, parted. */
export interface TrainingImages {
  /** Bytes of the images trained on: of pictures, or of tiles of them. */
  training: Uint8Array[];
  /** Where they come from. */
  trainingPlaces: ImagePlace[];
  /** What counts of each under `data.roi`; undefined where that is all of every one. */
  trainingMasks: (Uint8Array | undefined)[] | undefined;
  /** Ids in the data set of the pictures trained on. */
  trainingIds: string[];
  /** Bytes of the images to calibrate with. */
  calibration: Uint8Array[];
  /** Where they come from. */
  calibrationPlaces: ImagePlace[];
  /** What counts of each under `data.roi`; undefined where that is all of every one. */
  calibrationMasks: (Uint8Array | undefined)[] | undefined;
  /** Paths of their pictures. */
  calibrationPaths: string[];
  /** Both are all images: there are too few to part them. */
  shared: boolean;
  /** Of the images trained on, in their order, and of what counts of them. */
  hash: string;
}

/** Loads the good training images, the anomalous ones of some splits left out, and holds back those for calibration. */
export async function trainingImages(
  dataset: Dataset,
  config: Config,
  run: TaskOptions,
): Promise<TrainingImages> {
  const good = dataset.train.filter(({ label }) => label === 0);
  const deep = await deepNotice(good, config);
  if (deep) run.onNotice?.(deep);
  const region = await regionOfConfig(config);
  const { samples, parts } = await loadGoodImages(good, config, { ...run, region });
  const hashes = parts.map((own) =>
    own.length === 1 ? sha256(own[0].bytes) : sha256(own.map(({ bytes }) => sha256(bytes)).join()),
  );
  const { training, calibration, shared } = holdBack(hashes, { share: config.scoring.holdBack });
  const chosen = (pictures: readonly number[]) =>
    pictures.flatMap((i, picture) =>
      parts[i].map(({ bytes, place }) => ({ bytes, place: { ...place, picture } })),
    );
  const [trained, held] = [chosen(training), chosen(calibration)];
  const hash = training.map((i) => hashes[i]).join();
  const masks = (parts: readonly { place: ImagePlace }[]) =>
    masksOf(
      parts.map(({ place }) => place),
      { config, region },
    );
  return {
    training: trained.map(({ bytes }) => bytes),
    trainingPlaces: trained.map(({ place }) => place),
    trainingMasks: await masks(trained),
    trainingIds: training.map((i) => samples[i].id),
    calibration: held.map(({ bytes }) => bytes),
    calibrationPlaces: held.map(({ place }) => place),
    calibrationMasks: await masks(held),
    calibrationPaths: calibration.map((i) => samples[i].imagePath),
    shared,
    hash: sha256(region ? `${hash},${JSON.stringify(region)}` : hash),
  };
}

async function masksOf(
  places: readonly ImagePlace[],
  { config, region }: { config: Config; region: RegionOfInterest | undefined },
): Promise<(Uint8Array | undefined)[] | undefined> {
  if (!region) return undefined;
  const given = { masks: maskSource({ config, regionOfInterest: region }), side: config.data.imageSize };
  const masks: (Uint8Array | undefined)[] = [];
  // tiles of which nothing is judged were not loaded
  for (const place of places) masks.push((await maskOf(place, given)) ?? undefined);
  return masks;
}
