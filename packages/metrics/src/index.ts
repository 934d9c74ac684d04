export { type Aupimo, type AupimoOptions, aupimo } from './aupimo.js';
export { type AuproOptions, aupro } from './aupro.js';
export { auroc } from './auroc.js';
export { averagePrecision } from './average-precision.js';
export { type BootstrapOptions, bootstrapInterval } from './bootstrap-interval.js';
export { type Confusion, confusion } from './confusion.js';
export { type Components, connectedComponents } from './connected-components.js';
export { type F1Max, f1Max } from './f1-max.js';
export { type GoodPixelThresholdOptions, goodPixelThreshold } from './good-pixel-threshold.js';
export {
  PixelMetrics,
  type PixelMetricsComputeOptions,
  type PixelMetricsOptions,
  type PixelMetricsResult,
} from './pixel-metrics.js';
export { type PrecisionRecallCurve, precisionRecallCurve } from './precision-recall-curve.js';
export { type ProCurve, proCurve } from './pro-curve.js';
export { regionPixels } from './region-pixels.js';
export { type RocCurve, rocCurve } from './roc-curve.js';
export { type SegF1Image, segF1 } from './seg-f1.js';
export { youdenThreshold } from './youden-threshold.js';
