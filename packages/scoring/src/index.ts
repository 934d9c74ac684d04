export { type AnomalyMapOptions, anomalyMap } from './anomaly-map.js';
export { type CalibrateOptions, type Calibration, calibrate } from './calibrate.js';
export { type CropBox, centerCrop } from './center-crop.js';
export {
  type ConformalGuarantee,
  type ConformalGuaranteeOptions,
  conformalGuarantee,
} from './conformal-guarantee.js';
export {
  type DefectRegion,
  type DefectRegionsOptions,
  defectRegions,
  type LocatedDefects,
  locateDefects,
} from './defect-regions.js';
export { type DistanceMaxima, distanceRatio } from './distance-ratio.js';
export { type Drift, type DriftTest, type DriftTestOptions, driftTest } from './drift/drift-test.js';
export { type FalseAlarmIntervalOptions, falseAlarmInterval } from './false-alarm-interval.js';
export { type FeatureDistanceOptions, featureDistance } from './feature-distance.js';
export { foreignLimit } from './foreign-limit.js';
export { gaussianBlur } from './gaussian-blur.js';
export { type ImageScoreOptions, imageScore } from './image-score.js';
export { addToMemory } from './memory/add-to-memory.js';
export { type CoresetOptions, type FeatureMemoryOptions, featureMemory } from './memory/build-memory.js';
export type { Coreset, FeatureMemory } from './memory/feature-memory.js';
export type { FeatureSource, IncludePosition } from './memory/feature-positions.js';
export { type LoadedMemory, loadMemory } from './memory/load-memory.js';
export { type MemoryDistanceOptions, memoryDistance } from './memory/memory-distance.js';
export { type MemoryState, memoryFromState, memoryToState } from './memory/memory-state.js';
export { type NearestInMemory, nearestInMemory } from './memory/nearest-in-memory.js';
export { removeFromMemory } from './memory/remove-from-memory.js';
export { type ReweightedScoreOptions, reweightedScore } from './memory/reweighted-score.js';
export { targetsWithout } from './memory/targets-without.js';
export { pixelDistance } from './pixel-distance.js';
export { type ScoreThreshold, type ScoreThresholdOptions, scoreThreshold } from './score-threshold.js';
export { sumOfTerms, type WeightedTerm } from './sum-of-terms.js';
export { termScale } from './term-scale.js';
export { typicalDistance } from './typical-distance.js';
