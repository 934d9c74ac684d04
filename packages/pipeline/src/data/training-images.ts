import type { Dataset, ImageStore, Sample } from '@ddad/datasets';
import type { TaskOptions } from '@ddad/detector';
import type { Config } from '../config/schema.js';
import { sha256 } from '../io/sha256.js';
import { holdBack } from './hold-back.js';
import { loadImages } from './load-images.js';

/** The good training images, parted. */
export interface TrainingImages {
  store: ImageStore<Sample>;
  /** Bytes of the images trained on. */
  training: Uint8Array[];
  /** Their ids in the data set. */
  trainingIds: string[];
  /** Bytes of the images to calibrate with. */
  calibration: Uint8Array[];
  /** Where they come from. */
  calibrationPaths: string[];
  /** Both are all images: there are too few to part them. */
  shared: boolean;
  /** Of the images trained on, in their order. */
  hash: string;
}

/** Loads the good training images, the anomalous ones of some splits left out, and holds back those for calibration. */
export async function trainingImages(
  dataset: Dataset,
  config: Config,
  run: TaskOptions,
): Promise<TrainingImages> {
  const good = dataset.train.filter(({ label }) => label === 0);
  const store = await loadImages(good, config, run);
  const all = store.samples.map((_, i) => store.get(i));
  const hashes = all.map(sha256);
  const parts = holdBack(hashes, { share: config.scoring.holdBack });
  return {
    store,
    training: parts.training.map((i) => all[i]),
    trainingIds: parts.training.map((i) => store.samples[i].id),
    calibration: parts.calibration.map((i) => all[i]),
    calibrationPaths: parts.calibration.map((i) => store.samples[i].imagePath),
    shared: parts.shared,
    hash: sha256(parts.training.map((i) => hashes[i]).join()),
  };
}
