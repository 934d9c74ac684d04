export type { Drift, DriftTest } from '@ddad/scoring';
export { asUserError, interruptible, throwIfInterrupted } from './as-user-error.js';
export { type WriteBundleOptions, writeBundle } from './bundle/write-bundle.js';
export {
  type CalibrateWithOptions,
  type CalibrationPicture,
  type CalibrationPictures,
  calibrateWith,
  type FoundScales,
  type TermWeights,
  weightsOf,
} from './calibrate.js';
export { checkOptions, loadKeys, taskKeys } from './check-options.js';
export { type Config, configSchema, presetNames } from './config.js';
export { type Detection, Detector, type LoadDetectorOptions } from './detector.js';
export { type DriftTestOfOptions, describeDrift, driftTestOf } from './drift.js';
export { startEngineFor } from './engine.js';
export { DdadError, type DdadErrorOptions, type ErrorCode, InterruptedError, UserError } from './errors.js';
export { fileSource } from './file-source.js';
export {
  type DetectorCalibration,
  type DetectorFiles,
  type Manifest,
  type MemoryFile,
  manifestName,
  newManifest,
  type Pretrained,
  parseManifest,
  pretrainedSchema,
  type Term,
  type WeightsFile,
} from './manifest.js';
export { manifestIn } from './manifest-in.js';
export { type FeaturesOfImages, featuresOfImages } from './memory/features-of-images.js';
export { numberedByPicture, rememberedPositions } from './memory/remembered-positions.js';
export {
  type BackboneOptions,
  emptyBackbone,
  featuresArchitecture,
  scoredLayers,
} from './networks/backbone.js';
export { loadNetworks } from './networks/load-networks.js';
export {
  filledBackbone,
  filledMemory,
  filledUNet,
  type NetworkState,
  type Networks,
  networksOf,
  orDispose,
} from './networks/networks.js';
export { type ParseWeightsOptions, parseWeights } from './networks/parse-weights.js';
export { buildUNet, reconstructedSize, unetArchitecture } from './networks/unet.js';
export { type DetectorPlace, openSource } from './open-source.js';
export { type PictureMap, pictureMap, smallestPicture } from './picture-map.js';
export { type ImageInput, type ImagePart, type PreparedImage, prepareImage } from './prepare-image.js';
export { type RecalibrateOptions, type RevisedDetector, recalibrate } from './recalibrate.js';
export { type MaskSource, maskOfTile, maskSource } from './region/mask-source.js';
export type { Polygon, RegionOfInterest } from './region/region-of-interest.js';
export { type Normalization, normalizationOf, type Terms } from './scoring/combine.js';
export { centreBox, cropTo } from './scoring/crop.js';
export { type DetectionGraph, detectionGraph } from './scoring/detection-graph.js';
export { type DistanceName, type Distances, distanceNames } from './scoring/distances.js';
export { isForeign } from './scoring/foreign.js';
export { buildSchedule, reconstructionSettings } from './scoring/reconstruction-settings.js';
export { type Located, type Region, regionsOf } from './scoring/regions.js';
export { createRepairer, type Repairer } from './scoring/repair.js';
export { type ScoredPicture, type ScorePictureOptions, scorePicture } from './scoring/score-picture.js';
export {
  createScorer,
  type DistancesOptions,
  type ScoredMap,
  type Scorer,
} from './scoring/scorer.js';
export { shrink } from './scoring/shrink.js';
export { toBytes, toTensor } from './scoring/to-tensor.js';
export type { Progress, TaskOptions } from './task-options.js';
export { calibrationTiles, drawn, tilesPerPicture } from './tile-sample.js';
export type { FileSource } from './url-source.js';
export { withRegionOfInterest } from './with-region-of-interest.js';
export { withThreshold } from './with-threshold.js';
