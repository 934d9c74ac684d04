import {
  adam,
  assignVariables,
  type BatchSource,
  batchesOf,
  type LearningRateSchedule,
  type Optimizer,
  readVariables,
} from '@ddad/nn';
import type { StateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import type { Schedule } from './linear-schedule.js';
import { createTrainingStep } from './training-step.js';
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
  /** Batches [n, h, w, c] in [-1, 1] of each epoch. */
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
  /**
   * Time steps are drawn from 0..maxTimestep-1. A reconstruction from `start` visits none above it, so a network that
   * only serves that learns faster with `maxTimestep: start`. @default schedule.steps, as in the paper
   */
  maxTimestep?: number;
  /**
   * Gradient accumulation: a batch passes the network in parts of so many images, for a large batch on a small
   * machine. The step stays the same up to rounding. @default the whole batch at once
   */
  microBatchSize?: number;
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
  /** Called after each step. `loss` is that of {@link trainingLoss}. */
  onProgress?: (progress: {
    step: number;
    steps?: number;
    epoch: number;
    epochs?: number;
    loss: number;
  }) => void;
  /** Ends the training after the step under way; a snapshot is saved first if `checkpoint` is given. */
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

/**
 * Trains the UNet to predict noise (paper, section 3.1; DDPM's simple loss) with one compiled step: forward,
 * backward and update are a single native graph. At the end `unet` holds the weights to use: with `patience` the
 * best validated ones, else with `ema` the average, else the last.
 *
 * @throws if a loss, a gradient or a validation error is not finite (the message has the step). Such a step changes no
 * weight, and nothing is saved after it.
 */
export async function trainUNet(options: TrainUNetOptions): Promise<TrainingResult> {
  const { unet, batches, schedule, epochs, steps, seed = 0, onProgress, signal, resume } = options;
  const { learningRateSchedule = () => 1, checkpoint, validation, ema } = options;
  const { optimizer = adam({ learningRate: 3e-4, weightDecay: 0.05 }), maxTimestep = schedule.steps } =
    options;
  check(options, { maxTimestep, seed });
  const length = epochs ?? steps!;
  const patience = validation?.patience;

  const position: TrainingPosition = resume ? { ...resume.progress } : { step: 0, epoch: 0, batch: 0, seed };
  let validated = validation ? resume?.validation : undefined;
  // the average starts from the weights that are there
  if (resume) unet.loadStateDict(resume.average ?? resume.unet);
  const { microBatchSize, clipNorm } = options;
  const step = createTrainingStep({
    ...options,
    optimizer,
    maxTimestep,
    seed,
    microBatchSize,
    clipNorm,
    ema,
  });
  const { state, average } = step;

  const using = <T>(use: () => Promise<T>) =>
    average ? withValues(unet.namedParameters, average, use) : use();
  const done = () =>
    (patience !== undefined && validated !== undefined && validated.stale >= patience) ||
    (epochs === undefined ? position.step >= length : position.epoch >= length);

  const validate = async (epoch: number) => {
    if (!validation || validated?.step === position.step) return;
    const { step } = position;
    const evaluated = await using(async () => {
      let error: number;
      try {
        error = await validation.evaluate(unet);
      } catch (cause) {
        if (signal?.aborted) return undefined;
        throw cause;
      }
      if (!Number.isFinite(error)) {
        throw new Error(
          `trainUNet: the validation error is ${error} at step ${step}; a lower learning rate may help`,
        );
      }
      const better = !validated || error < validated.best.error;
      return { error, weights: better && patience !== undefined ? await unet.stateDict() : undefined };
    });
    if (!evaluated) return;
    const { error, weights } = evaluated;
    const found = { step, epoch, error };
    validated =
      !validated || error < validated.best.error
        ? { step, stale: 0, best: { ...found, ...(weights && { weights }) } }
        : { ...validated, step, stale: validated.stale + 1 };
    validation.onValidation?.(found);
  };

  let savedAt = performance.now();
  let savingTook = 0;
  const save = async (reason: SaveReason) => {
    if (!checkpoint) return;
    const began = performance.now();
    await checkpoint.save(
      {
        unet: await unet.stateDict(),
        optimizer: await readVariables(state),
        ...(average && { average: await using(() => unet.stateDict()) }),
        ...(validated && { validation: validated }),
        progress: { ...position },
      },
      reason,
    );
    savedAt = performance.now();
    savingTook = savedAt - began;
  };
  const isTimeToSave = () =>
    checkpoint?.seconds !== undefined &&
    performance.now() - savedAt >= Math.max(checkpoint.seconds * 1000, 20 * savingTook);

  let loss = Number.NaN;
  try {
    if (resume) {
      unet.loadStateDict(resume.unet);
      assignVariables(state, resume.optimizer, { who: 'trainUNet' });
    }
    while (!done() && !signal?.aborted) {
      let seen = position.batch;
      let isWhole = true;
      for await (const { batch } of batchesOf(batches, { epoch: position.epoch, from: position.batch })) {
        seen++;
        // one batch more is asked for, to know whether the last step ended its epoch
        if (steps !== undefined && position.step >= steps) {
          isWhole = false;
          break;
        }
        const learningRate = optimizer.learningRate * learningRateSchedule(position.step + 1);
        const result = await step.run(batch, { step: position.step, learningRate });
        loss = result.loss;
        if (!result.taken) {
          const what = Number.isFinite(loss) ? 'a gradient is not finite' : `the loss is ${loss}`;
          throw new Error(
            `trainUNet: ${what} at step ${position.step + 1}, which was not taken: the weights are those of the step ` +
              'before. A lower learning rate may help.',
          );
        }
        position.step++;
        position.batch++;
        onProgress?.({ step: position.step, steps, epoch: position.epoch, epochs, loss });
        if (signal?.aborted) break;
        if (isTimeToSave()) await save('time');
      }
      if (seen === 0) throw new Error('trainUNet: needs at least one batch in an epoch, got none');
      if (signal?.aborted || !isWhole) break;
      const epoch = position.epoch + 1;
      if (validation && epoch % (validation.every ?? 1) === 0) await validate(epoch);
      if (signal?.aborted) break;
      position.epoch = epoch;
      position.batch = 0;
      if (checkpoint?.every && epoch % checkpoint.every === 0 && !done()) await save('epoch');
    }
    const interrupted = !done();
    if (!interrupted) await validate(position.epoch);
    await save(interrupted ? 'interrupted' : 'end');
    if (!interrupted && validated?.best.weights) unet.loadStateDict(validated.best.weights);
    else if (average) assign(unet.namedParameters, average);
    const stoppedEarly = !interrupted && (epochs === undefined ? position.step : position.epoch) < length;
    const { weights: _, ...best } = validated?.best ?? {};
    return { ...position, loss, interrupted, stoppedEarly, ...(validated && { best: best as Validation }) };
  } finally {
    step.dispose();
  }
}

function assign(variables: ReadonlyMap<string, tf.Variable>, values: ReadonlyMap<string, tf.Tensor>): void {
  for (const [name, variable] of variables) variable.assign(values.get(name)!);
}

/** Runs `use` while the variables have other values. */
async function withValues<T>(
  variables: ReadonlyMap<string, tf.Variable>,
  values: ReadonlyMap<string, tf.Tensor>,
  use: () => Promise<T>,
): Promise<T> {
  const own = new Map([...variables].map(([name, variable]) => [name, variable.clone()]));
  try {
    assign(variables, values);
    return await use();
  } finally {
    assign(variables, own);
    tf.dispose([...own.values()]);
  }
}

function check(
  {
    epochs,
    steps,
    schedule,
    microBatchSize,
    clipNorm,
    ema,
    validation,
    checkpoint,
    resume,
  }: TrainUNetOptions,
  { maxTimestep, seed }: { maxTimestep: number; seed: number },
): void {
  if ((epochs === undefined) === (steps === undefined)) {
    throw new Error(`trainUNet: needs either epochs or steps, got epochs ${epochs} and steps ${steps}`);
  }
  const whole = {
    [epochs === undefined ? 'steps' : 'epochs']: epochs ?? steps,
    microBatchSize,
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
