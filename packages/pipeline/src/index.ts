export {
  type BackboneOptions,
  DdadError,
  type Detection,
  Detector,
  type DetectorCalibration,
  type ErrorCode,
  type FileSource,
  type ImageInput,
  InterruptedError,
  type LoadDetectorOptions,
  type Progress,
  type Region,
  type TaskOptions,
  UserError,
} from '@ddad/detector';
export { type EngineName, type EngineStatus, listEngines, startEngine } from '@ddad/nn';
export { type AdaptOptions, type AdaptResult, adapt } from './adapt.js';
export { type Baselines, baselineNames } from './baselines/baselines.js';
export { type TermMetrics, termNames } from './baselines/metrics-of-terms.js';
export { type CalibrateDetectorOptions, calibrateDetector } from './calibrate-detector.js';
export { checkpointFolder, resultsFolder } from './checkpoint/folders.js';
export { type PasteDefectOptions, type PastedDefect, pasteDefect } from './choosing/paste-defect.js';
export { type ComparedRuns, type CompareRunsOptions, compareRuns } from './compare-runs.js';
export type { Comparison, MetricRow, SettingDifference } from './comparing/comparison.js';
export { comparisonNotes, comparisonTables } from './comparing/tables.js';
export { configJsonSchema } from './config/config-json-schema.js';
export { formatConfig } from './config/format-config.js';
export type { JsonSchema } from './config/json-schema.js';
export { type LoadConfigOptions, loadConfig } from './config/load-config.js';
export type { Config, ConfigInput } from './config/schema.js';
export { type DemoConfigOptions, demoConfig } from './demo/demo-config.js';
export { describeRepair } from './demo/repair.js';
export { type DemoOptions, type DemoResult, demo } from './demo.js';
export { type DetectFilesOptions, detectFiles } from './detect-files.js';
export type { BadFile, FileDetection } from './detection/file-detection.js';
export { type DetectorConfigOptions, detectorConfig, detectorSettings } from './detector-config.js';
export { doctor } from './doctor.js';
export { type DownloadedVisa, type DownloadVisaOptions, downloadVisa } from './download-visa.js';
export { type DownloadedWeights, type DownloadWeightsOptions, downloadWeights } from './download-weights.js';
export { type AddEngineOptions, type AddedEngine, addEngine } from './engines/add-engine.js';
export { type RemoveEngineOptions, removeEngine } from './engines/remove-engine.js';
export { type EvaluateOptions, evaluate } from './evaluate.js';
export {
  type CheckedLimit,
  checkLimits,
  describeUnmet,
  type MetricLimits,
  type MetricName,
  parseMetricLimits,
} from './evaluation/check-limits.js';
export { describeCertainty } from './evaluation/describe-calibration.js';
export { describeForeign } from './evaluation/describe-foreign.js';
export type { ImageResult } from './evaluation/image-result.js';
export { junitFile } from './evaluation/junit-file.js';
export { junitSummary } from './evaluation/junit-summary.js';
export type { Metrics } from './evaluation/measure.js';
export { metricNames, named } from './evaluation/metric-names.js';
export type { Report } from './evaluation/report.js';
export { type ThresholdCertainty, thresholdCertainty } from './evaluation/threshold-certainty.js';
export { type ExportFormat, exportFormats } from './exchange/names.js';
export { type ExportDetectorOptions, type ExportResult, exportDetector } from './export-detector.js';
export { type FinishedRunOptions, finishedRun } from './finished-run.js';
export { heldBackImages } from './held-back-images.js';
export { type InitOptions, type InitResult, init } from './init.js';
export { describePlan, type Plan, type PlanOptions, plan } from './plan.js';
export { prepareVisaFolder } from './prepare-visa-folder.js';
export type { Release } from './published/releases.js';
export type { CellResult } from './reproduce/cell-result.js';
export type { CollectedFiles } from './reproduce/collect.js';
export {
  describeWork,
  type PlannedCell,
  type PlanReproductionOptions,
  planReproduction,
} from './reproduce/plan.js';
export type { Cell, Shard } from './reproduce/shard.js';
export type { Averaged, CategorySummary, Compared, Reproduction } from './reproduce/summary.js';
export { collectReproduction, type ReproduceOptions, type ReproduceResult, reproduce } from './reproduce.js';
export { type RunOptions, run } from './run.js';
export { type RunSeedsOptions, runSeeds, type SeedRun, type SeedsSummary } from './run-seeds.js';
export { synthesize } from './synthesize.js';
export { type TrainOptions, type TrainResult, train } from './train.js';
export { type DescribedTuning, describeTuning } from './tune/describe.js';
export { tunedConfigName } from './tune/settings.js';
export { type TunedSettings, type TuneOptions, type TuneResult, tune } from './tune.js';
