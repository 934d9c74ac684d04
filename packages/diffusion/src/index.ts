export { createReconstructor, type ReconstructOptions, type Reconstructor } from './create-reconstructor.js';
export { type LinearScheduleOptions, linearSchedule, type Schedule } from './linear-schedule.js';
export { reconstruct } from './reconstruct.js';
export {
  type SaveReason,
  type TrainingPosition,
  type TrainingResult,
  type TrainingSnapshot,
  type TrainUNetOptions,
  trainUNet,
  type Validation,
  type ValidationState,
} from './train-unet.js';
export { type TrainingLossOptions, trainingLoss } from './training-loss.js';
export { UNet } from './unet.js';
export type { ResolvedUNetOptions, UNetOptions } from './unet-options.js';
