export { type AugmentOptions, augment } from './augment.js';
export { type BatchesOptions, batches } from './batches.js';
export type { DatasetProblem } from './check/problem.js';
export { type CheckDatasetOptions, checkDataset, type DatasetReport } from './checkDataset.js';
export { type BatchPair, halfBatches } from './halfBatches.js';
export type { Fit } from './image/fit.js';
export type { VisaSplit } from './layouts/visaCsv.js';
export { type LoadImageOptions, loadImage } from './loadImage.js';
export { type ImageStore, type LoadImagesOptions, loadImages } from './loadImages.js';
export { type LoadMaskOptions, loadMask } from './loadMask.js';
export {
  type MakeSyntheticOptions,
  makeSynthetic,
  type SyntheticCounts,
  type SyntheticDataset,
} from './makeSynthetic.js';
export { type OpenDatasetOptions, openDataset } from './openDataset.js';
export type { Pixels } from './pixels.js';
export { type PrefetchOptions, prefetch } from './prefetch.js';
export { type PreparedVisa, type PrepareVisaOptions, prepareVisa } from './prepareVisa.js';
export { type ResizeOptions, resize } from './resize.js';
export { type Dataset, type DatasetKind, isLabelled, type LabelledSample, type Sample } from './sample.js';
export { syntheticCategories, syntheticDefects } from './synthetic/categories.js';
