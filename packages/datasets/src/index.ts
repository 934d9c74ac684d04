export { type Fit, type Pixels, type ResizeOptions, resize } from '@ddad/images';
export { type AugmentOptions, augment } from './augment.js';
export { type BatchesOptions, batches } from './batches.js';
export type { DatasetProblem } from './check/problem.js';
export { type CheckDatasetOptions, checkDataset, type DatasetReport } from './check-dataset.js';
export { DatasetError } from './dataset-error.js';
export { type BatchPair, halfBatches } from './half-batches.js';
export type { VisaSplit } from './layouts/visa-csv.js';
export { imagesOfList, isListName } from './lists/read-list.js';
export { type LoadImageOptions, loadImage } from './load-image.js';
export { type ImageStore, type LoadImagesOptions, loadImages } from './load-images.js';
export { type LoadMaskOptions, loadMask } from './load-mask.js';
export { type LoadTilesOptions, loadTiles, type TileStore } from './load-tiles.js';
export {
  type MakeSyntheticOptions,
  makeSynthetic,
  type SyntheticCounts,
  type SyntheticDataset,
} from './make-synthetic.js';
export { type OpenDatasetOptions, openDataset } from './open-dataset.js';
export { type PrefetchOptions, prefetch } from './prefetch.js';
export { type PreparedVisa, type PrepareVisaOptions, prepareVisa } from './prepare-visa.js';
export { type RecognizedKind, recognizeKind, recognizeKindSync } from './recognize-kind.js';
export {
  type Dataset,
  type DatasetKind,
  datasetKinds,
  isLabelled,
  type LabelledSample,
  type Sample,
} from './sample.js';
export { syntheticCategories, syntheticDefects } from './synthetic/categories.js';
export {
  describeIgnored,
  type IgnoredFiles,
  ignoredRemedy,
  imageExtensions,
  imageFormats,
  type WalkedImages,
  type WalkImagesOptions,
  walkImages,
} from './walk-images.js';
