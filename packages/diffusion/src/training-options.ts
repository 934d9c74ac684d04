import type { BatchSource, LearningRateSchedule, Optimizer } from '@ddad/nn';
import type { StateDict } from '@ddad/weights';
import type { Schedule } from './linear-schedule.js';
import type { UNet } from './unet.js';

/** Everything a training needs to go on as if it had never stopped, on the same engine and thread count. */
export interface TrainingSnapshot {
  unet: StateDict;
  optimizer: StateDict;
  /** The moving average of the weights, if there is one: the weights to use. */
  average?: StateDict;
  validation?: ValidationState;
  progress: TrainingPosition;
}

/** Where a training stands. Random numbers are functions of (seed, step), so they need no state of their own. */
export interface TrainingPosition {
  /** Optimizer steps done. */
  step: number;
  /** Epoch the next batch belongs to, from 0. */
  epoch: number;
  /** Index of the next batch in its epoch. */
  batch: number;
  seed: number;
}

/** One validation: `error` after `step` steps, in which `epoch` epochs were completed. */
export interface Validation {
  step: number;
  epoch: number;
  error: number;
}

/** What validation has found so far. */
export interface ValidationState {
  /** The step of the latest validation. */
  step: number;
  /** Validations since the best one. */
  stale: number;
  /** The one with the lowest error, and with `patience` its weights. */
  best: Validation & { weights?: StateDict };
}

/**
 * Why a snapshot is saved: an epoch's end as asked by `every`, the clock (`seconds`), the signal, or the training's
 * end.
 */
export type SaveReason = 'epoch' | 'time' | 'interrupted' | 'end';

export interface TrainUNetOptions {
  unet: UNet;
  /**
   * Batches [n, h, w, c] in [-1, 1] of each epoch; where not all of an image is to be learnt with one more channel, above 0 where
   * the error counts.
   */
  batches: BatchSource;
  schedule: Schedule;
  /** Passes over the batches. Give this or `steps`. */
  epochs?: number;
  /** Optimizer steps. Give this or `epochs`. */
  steps?: number;
  /** @default adam({ learningRate: 3e-4, weightDecay: 0.05 }), the paper's */
  optimizer?: Optimizer;
  /** Factor on the learning rate by step, e.g. `cosine(...)`. @default 1 */
  learningRateSchedule?: LearningRateSchedule;
  /** The lowest time step drawn. At the lowest noise levels nothing is to be learnt about what is good. @default 0 */
  minTimestep?: number;
  /**
   * Time steps are drawn from minTimestep..maxTimestep-1. A reconstruction from `start` visits none above it, so a network that
   * only serves that learns faster with `maxTimestep: start`. @default schedule.steps, as in the paper
   */
  maxTimestep?: number;
  /**
   * Gradient accumulation: a batch passes the network in parts of so many images, for a large batch on a small
   * machine. The step stays the same up to rounding. @default the whole batch at once
   */
  microBatchSize?: number;
  /**
   * Optimizer steps that the engine takes in one run, between which parameters and moments stay where they are computed. The
   * numbers are those of single steps. Progress, saving, validation and `signal` come between runs.
   *
   * @default on a GPU as many as take about four seconds, on a processor 1; always 1 with `microBatchSize`
   */
  stepsPerRun?: number;
  /** Gradients are scaled down to at most this common L2 norm. @default no clipping */
  clipNorm?: number;
  /**
   * Decay of an exponential moving average of the weights, in [0, 1), reached over the first steps as
   * `min(decay, (1 + step) / (10 + step))`. Validated and left in `unet` is the average. @default none
   */
  ema?: number;
  validation?: {
    /** Epochs from one validation to the next; there is one at the training's end in any case. @default 1 */
    every?: number;
    /** The error to go down, of the weights that are in `unet` during the call. It may throw once `signal` is fired. */
    evaluate: (unet: UNet) => Promise<number>;
    /** Early stopping: ends after so many validations without a lower error, with the best weights. @default never */
    patience?: number;
    onValidation?: (validation: Validation) => void;
  };
  /** Seed of time steps, noise and dropout. @default 0 */
  seed?: number;
  /** Called for each step, once the run that it is part of has ended. `loss` is that of {@link trainingLoss}. */
  onProgress?: (progress: {
    step: number;
    steps?: number;
    epoch: number;
    epochs?: number;
    loss: number;
  }) => void;
  /** Ends the training after the run under way; a snapshot is saved first if `checkpoint` is given. */
  signal?: AbortSignal;
  checkpoint?: {
    /** Save after every so many epochs. @default only at the end and when interrupted */
    every?: number;
    /** Save also when so many seconds, and twenty times what saving takes, have passed since the last one. */
    seconds?: number;
    save: (snapshot: TrainingSnapshot, reason: SaveReason) => void | Promise<void>;
  };
  /** Continue from this snapshot; `seed` must be the one it was made with. */
  resume?: TrainingSnapshot;
}

export interface TrainingResult extends TrainingPosition {
  /** Of the last step; NaN if none was done. */
  loss: number;
  /** True if `signal` ended the training early. */
  interrupted: boolean;
  /** True if early stopping ended it. */
  stoppedEarly: boolean;
  /** The validation with the lowest error. */
  best?: Validation;
}

/** Refuses options that make no sense. */
export function checkTrainingOptions(
  {
    epochs,
    steps,
    schedule,
    microBatchSize,
    stepsPerRun,
    clipNorm,
    ema,
    validation,
    checkpoint,
    resume,
  }: TrainUNetOptions,
  { minTimestep, maxTimestep, seed }: { minTimestep: number; maxTimestep: number; seed: number },
): void {
  if ((epochs === undefined) === (steps === undefined)) {
    throw new Error(`trainUNet: needs either epochs or steps, got epochs ${epochs} and steps ${steps}`);
  }
  const whole = {
    [epochs === undefined ? 'steps' : 'epochs']: epochs ?? steps,
    microBatchSize,
    stepsPerRun,
    'validation.every': validation?.every,
    'validation.patience': validation?.patience,
    'checkpoint.every': checkpoint?.every,
  };
  for (const [name, value] of Object.entries(whole)) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      throw new Error(`trainUNet: needs ${name} >= 1, got ${value}`);
    }
  }
  if (!(Number.isInteger(maxTimestep) && maxTimestep >= 1 && maxTimestep <= schedule.steps)) {
    throw new Error(`trainUNet: needs maxTimestep in 1..${schedule.steps}, got ${maxTimestep}`);
  }
  if (!(Number.isInteger(minTimestep) && minTimestep >= 0 && minTimestep < maxTimestep)) {
    throw new Error(`trainUNet: needs minTimestep in 0..${maxTimestep - 1}, got ${minTimestep}`);
  }
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    throw new Error(`trainUNet: needs clipNorm > 0, got ${clipNorm}`);
  }
  if (ema !== undefined && !(ema >= 0 && ema < 1)) {
    throw new Error(`trainUNet: needs ema in [0, 1), got ${ema}`);
  }
  if (resume && resume.progress.seed !== seed) {
    throw new Error(`trainUNet: needs the snapshot's seed ${resume.progress.seed} to resume, got ${seed}`);
  }
  if (resume && (ema === undefined) !== (resume.average === undefined)) {
    throw new Error(
      `trainUNet: needs ema ${ema === undefined ? 'given' : 'left out'}, as in the training the snapshot is from`,
    );
  }
}
