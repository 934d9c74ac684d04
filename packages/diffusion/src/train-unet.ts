import {
  adam,
  assignVariables,
  type BatchSource,
  batchesOf,
  bernoulli,
  compile,
  deriveSeed,
  gaussian,
  type LearningRateSchedule,
  type Optimizer,
  randomIntegers,
  readVariables,
} from '@ddad/nn';
import type { StateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import type { Schedule } from './linear-schedule.js';
import { noiseLevels, noisePredictionLoss } from './training-loss.js';
import type { UNet } from './unet.js';

/** Everything a training needs to go on as if it had never stopped, on the same engine and thread count. */
export interface TrainingSnapshot {
  unet: StateDict;
  optimizer: StateDict;
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
    save: (snapshot: TrainingSnapshot) => void | Promise<void>;
  };
  /** Continue from this snapshot; `seed` must be the one it was made with. */
  resume?: TrainingSnapshot;
}

export interface TrainingResult extends TrainingPosition {
  /** Of the last step; NaN if none was done. */
  loss: number;
  /** True if `signal` ended the training early. */
  interrupted: boolean;
}

/**
 * Trains the UNet to predict noise (paper, section 3.1; DDPM's simple loss) with one compiled step: forward,
 * backward and update are a single native graph.
 *
 * @throws if a loss is not finite (the message has the step); nothing is saved after it
 */
export async function trainUNet({
  unet,
  batches,
  schedule,
  epochs,
  steps,
  optimizer = adam({ learningRate: 3e-4, weightDecay: 0.05 }),
  learningRateSchedule = () => 1,
  maxTimestep = schedule.steps,
  seed = 0,
  onProgress,
  signal,
  checkpoint,
  resume,
}: TrainUNetOptions): Promise<TrainingResult> {
  if ((epochs === undefined) === (steps === undefined)) {
    throw new Error(`trainUNet: needs either epochs or steps, got epochs ${epochs} and steps ${steps}`);
  }
  const length = epochs ?? steps!;
  if (!(Number.isInteger(length) && length >= 1)) {
    throw new Error(`trainUNet: needs ${epochs === undefined ? 'steps' : 'epochs'} >= 1, got ${length}`);
  }
  if (!(Number.isInteger(maxTimestep) && maxTimestep >= 1 && maxTimestep <= schedule.steps)) {
    throw new Error(`trainUNet: needs maxTimestep in 1..${schedule.steps}, got ${maxTimestep}`);
  }
  if (resume && resume.progress.seed !== seed) {
    throw new Error(`trainUNet: needs the snapshot's seed ${resume.progress.seed} to resume, got ${seed}`);
  }

  const parameters = unet.namedParameters;
  const state = optimizer.init(parameters);
  const position: TrainingPosition = resume ? { ...resume.progress } : { step: 0, epoch: 0, batch: 0, seed };
  if (resume) {
    unet.loadStateDict(resume.unet);
    assignVariables(state, resume.optimizer, { who: 'trainUNet' });
  }
  const step = compile(
    (
      x0: tf.Tensor4D,
      noise: tf.Tensor4D,
      t: tf.Tensor1D,
      levels: tf.Tensor,
      coefficients: tf.Tensor1D,
      ...masks
    ) => {
      const [signalLevel, sigma] = tf.split(levels, 2) as tf.Tensor4D[];
      const rank4 = (x: tf.Tensor) => tf.reshape(x, [x0.shape[0], 1, 1, 1]) as tf.Tensor4D;
      const { value, grads } = tf.variableGrads(
        () =>
          noisePredictionLoss(unet, x0, {
            t,
            signal: rank4(signalLevel),
            sigma: rank4(sigma),
            noise,
            dropoutMasks: masks,
          }),
        [...parameters.values()],
      );
      const gradients = new Map([...parameters].map(([name, variable]) => [name, grads[variable.name]]));
      optimizer.update(parameters, gradients, state, coefficients);
      return value;
    },
  );

  let loss = Number.NaN;
  let saved = -1;
  const save = async () => {
    if (!checkpoint || saved === position.step) return;
    saved = position.step;
    await checkpoint.save({
      unet: await unet.stateDict(),
      optimizer: await readVariables(state),
      progress: { ...position },
    });
  };
  const done = () => (epochs === undefined ? position.step >= length : position.epoch >= length);

  try {
    while (!done() && !signal?.aborted) {
      let seen = position.batch;
      for await (const { batch } of batchesOf(batches, { epoch: position.epoch, from: position.batch })) {
        seen++;
        const inputs = stepInputs(batch, { unet, schedule, maxTimestep, seed, step: position.step });
        const coefficients = tf.tensor1d(
          optimizer.coefficients({
            step: position.step + 1,
            learningRate: optimizer.learningRate * learningRateSchedule(position.step + 1),
          }),
        );
        try {
          const [noise, t, levels, ...masks] = inputs;
          const value = await step(
            batch,
            noise as tf.Tensor4D,
            t as tf.Tensor1D,
            levels,
            coefficients,
            ...(masks as tf.Tensor[]),
          );
          loss = (await value.data())[0];
          value.dispose();
        } finally {
          tf.dispose([...inputs, coefficients]);
        }
        position.step++;
        position.batch++;
        if (!Number.isFinite(loss)) {
          throw new Error(
            `trainUNet: the loss is ${loss} at step ${position.step}; the last checkpoint is from before. ` +
              'A lower learning rate may help.',
          );
        }
        onProgress?.({ step: position.step, steps, epoch: position.epoch, epochs, loss });
        if (signal?.aborted || (steps !== undefined && position.step >= steps)) break;
      }
      if (seen === 0) throw new Error('trainUNet: needs at least one batch in an epoch, got none');
      if (signal?.aborted) break;
      if (steps !== undefined && position.step >= steps) break;
      position.epoch++;
      position.batch = 0;
      if (checkpoint?.every && position.epoch % checkpoint.every === 0) await save();
    }
    await save();
  } finally {
    step.dispose();
    tf.dispose([...state.values()]);
  }
  return { ...position, loss, interrupted: !done() };
}

/** Noise, time steps, noise levels [signal..., sigma...] and dropout masks of a step, from (seed, step) alone. */
function stepInputs(
  batch: tf.Tensor4D,
  {
    unet,
    schedule,
    maxTimestep,
    seed,
    step,
  }: { unet: UNet; schedule: Schedule; maxTimestep: number; seed: number; step: number },
): tf.Tensor[] {
  const n = batch.shape[0];
  const t = Array.from(randomIntegers(deriveSeed(seed, step, 0), n, maxTimestep));
  const { signal, sigma } = noiseLevels(t, schedule);
  const masks = unet.dropoutShapes(n).map((shape, i) => {
    const count = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(bernoulli(deriveSeed(seed, step, 2 + i), count, unet.options.dropout), shape, 'bool');
  });
  return [
    gaussian(deriveSeed(seed, step, 1), batch.shape),
    tf.tensor1d(t, 'float32'),
    tf.tensor1d([...signal, ...sigma]),
    ...masks,
  ];
}
