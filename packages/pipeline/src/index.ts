export { type EngineName, type EngineStatus, listEngines, startEngine } from '@ddad/nn';
export { type AdaptOptions, type AdaptResult, adapt } from './adapt.js';
export { type CalibrateDetectorOptions, calibrateDetector } from './calibrate-detector.js';
export type { DetectorCalibration } from './calibrate-with.js';
export { checkpointFolder, resultsFolder } from './checkpoint/folders.js';
export { formatConfig } from './config/format-config.js';
export { type LoadConfigOptions, loadConfig } from './config/load-config.js';
export type { Config, ConfigInput } from './config/schema.js';
export { type DemoOptions, type DemoResult, demo } from './demo/demo.js';
export { type DemoConfigOptions, demoConfig } from './demo/demo-config.js';
export { type DetectFilesOptions, detectFiles, type FileDetection } from './detect-files.js';
export { type Detection, Detector, type LoadDetectorOptions } from './detector.js';
export { doctor } from './doctor.js';
export { type DownloadedVisa, type DownloadVisaOptions, downloadVisa } from './download-visa.js';
export { type EvaluateOptions, evaluate } from './evaluate.js';
export type { Metrics } from './evaluation/measure.js';
export type { ImageResult, Report } from './evaluation/report.js';
export {
  type ExportDetectorOptions,
  type ExportResult,
  exportDetector,
  exportFormats,
} from './export-detector.js';
export { InterruptedError } from './interrupted-error.js';
export type { BackboneOptions } from './model/build-backbone.js';
export { prepareVisaFolder } from './prepare-visa-folder.js';
export type { Progress, RunOptions } from './progress.js';
export { type RunAllOptions, run } from './run.js';
export { synthesize } from './synthesize.js';
export { type TrainOptions, type TrainResult, train } from './train.js';
export { UserError } from './user-error.js';
