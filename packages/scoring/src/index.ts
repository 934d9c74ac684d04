export { type AnomalyMapOptions, anomalyMap } from './anomaly-map.js';
export { type CalibrateOptions, type Calibration, calibrate } from './calibrate.js';
export { type CropBox, centerCrop } from './center-crop.js';
export { type DefectRegion, type DefectRegionsOptions, defectRegions } from './defect-regions.js';
export { type DistanceMaxima, distanceRatio } from './distance-ratio.js';
export { type FeatureDistanceOptions, featureDistance } from './feature-distance.js';
export { gaussianBlur } from './gaussian-blur.js';
export { type ImageScoreOptions, imageScore } from './image-score.js';
export { pixelDistance } from './pixel-distance.js';
