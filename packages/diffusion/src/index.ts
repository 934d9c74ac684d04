export { type FitGaussianOptions, fitGaussian, type GaussianModel } from './gaussian-model.js';
export { type LinearScheduleOptions, linearSchedule, type Schedule } from './linear-schedule.js';
export { type PredictNoiseOptions, predictNoise } from './predict-noise.js';
export {
  createReconstructor,
  type ReconstructOptions,
  type Reconstructor,
  reconstruct,
} from './reconstruct.js';
export { noiseDraws, reconstructionGraph } from './reconstruction-graph.js';
export type { ReconstructionSettings } from './reconstruction-settings.js';
export { type RepairOptions, reduce, repair } from './repair.js';
export { trainUNet } from './train-unet.js';
export { type TrainingLossOptions, trainingLoss } from './training-loss.js';
export type {
  SaveReason,
  TrainingPosition,
  TrainingResult,
  TrainingSnapshot,
  TrainUNetOptions,
  Validation,
  ValidationState,
} from './training-options.js';
export { UNet } from './unet.js';
export { type ResolvedUNetOptions, resolveUNetOptions, type UNetOptions } from './unet-options.js';
