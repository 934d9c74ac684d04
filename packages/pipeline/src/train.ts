import { join } from 'node:path';
import {
  buildSchedule,
  buildUNet,
  checkOptions,
  InterruptedError,
  reconstructedSize,
  shrink,
  type TaskOptions,
  taskKeys,
  UserError,
  unetArchitecture,
} from '@ddad/detector';
import {
  type SaveReason,
  type TrainingSnapshot,
  type TrainUNetOptions,
  trainUNet,
  type Validation,
} from '@ddad/diffusion';
import { adam, cosine, type LearningRateSchedule, warmup } from '@ddad/nn';
import { findTraining } from './checkpoint/find-training.js';
import { identityOf } from './checkpoint/identity.js';
import { writeTrainingState } from './checkpoint/training-state.js';
import { writeWeights } from './checkpoint/weights-file.js';
import { type Workspace, withWorkspace } from './checkpoint/workspace.js';
import { loadConfig } from './config/load-config.js';
import type { Config, ConfigInput } from './config/schema.js';
import { epochBatches } from './data/training-batches.js';
import type { TrainingImages } from './data/training-images.js';
import type { Curves } from './training/curves.js';
import { learntMasks } from './training/learnt-masks.js';
import { readTrainingLog } from './training/read-training-log.js';
import { reconstructionError } from './training/reconstruction-error.js';
import { startFromGaussian } from './training/start-from-gaussian.js';
import { withSteps } from './training/steps-in-budget.js';
import { costNotice, trainingCost } from './training/training-cost.js';
import { writeTrainingLog } from './training/write-training-log.js';

export interface TrainOptions extends TaskOptions {
  /**
   * Continue from the state saved in the checkpoint folder, bit for bit, on other images too; from the beginning, with
   * a notice, where there is none. @default false: the very same training is continued, another one is an error
   */
  resume?: boolean;
  /** Train from the beginning, whatever the checkpoint folder holds. @default false */
  overwrite?: boolean;
}

export interface TrainResult {
  steps: number;
  /** Epochs completed. */
  epoch: number;
  /** Of the last step. */
  loss: number;
  /** Path of the UNet's weights. */
  checkpoint: string;
  /** Whether early stopping ended the training. */
  stoppedEarly: boolean;
  /** The validation with the lowest reconstruction error; the weights are its, if `training.patience` is set. */
  best?: Validation;
  seconds: number;
}

/** A kill loses at most about this much work. */
const secondsBetweenStates = 60;

/** A validation reconstructs at most so many images. */
const validationImages = 16;

/**
 * Trains the UNet on the good images of a data set. Leaves `unet-<epoch>.safetensors`, the state to resume from and
 * the curves (`training.csv`, `validation.csv`) in the checkpoint folder.
 *
 * @throws {UserError} missing data, an engine that is not installed, an unwritable folder, another training in it
 * @throws {InterruptedError} `signal` was fired; the state is saved
 */
export async function train(config: ConfigInput | string, options: TrainOptions = {}): Promise<TrainResult> {
  checkOptions('train', options, { ...taskKeys, resume: true, overwrite: true });
  return withWorkspace(loadConfig(config, { onNotice: options.onNotice }), options, (workspace) =>
    trainIn(workspace, options),
  );
}

/** {@link train} in a workspace. */
export async function trainIn(workspace: Workspace, options: TrainOptions): Promise<TrainResult> {
  const { folder } = workspace;
  const { resume = false, overwrite = false, onProgress, onNotice, signal } = options;
  if (resume && overwrite) {
    throw new UserError('option resume and option overwrite exclude each other', {
      code: 'option',
      remedy: 'give one of them',
    });
  }
  const began = performance.now();
  await workspace.dataset();
  await workspace.claim();
  const images = await workspace.images();
  const count = images.training.length;
  await workspace.engine();
  const config = await withSteps(workspace, { images, isNew: overwrite, onNotice, signal });
  const identity = { settings: identityOf(config, 'training'), images: images.hash };
  const cost = costNotice(config, count);
  if (cost) onNotice?.(cost);
  const { training } = config;
  if (count < training.batchSize) {
    onNotice?.(`training.batchSize ${training.batchSize} shrinks to the ${count} images there are`);
  }
  const saved = overwrite ? undefined : await findTraining(folder, { ...identity, resume });
  if (resume && !saved) onNotice?.(`nothing to resume in ${folder}: training from the beginning`);
  const unet = await buildUNet(config);
  const size = reconstructedSize(config);
  const small = images.training.map((image) => shrink(image, { from: config.data.imageSize, to: size }));
  const masks = learntMasks(images.trainingMasks, config);
  try {
    const total = trainingCost(config, count).steps;
    const curves: Curves = saved
      ? await readTrainingLog(folder, saved.snapshot.progress.step)
      : { loss: [], validation: [] };
    const reached = saved?.snapshot.progress;
    if (reached && (training.epochs === null ? reached.step > total : reached.epoch > training.epochs)) {
      throw new UserError(
        `the training saved in ${folder} is at step ${reached.step} (epoch ${reached.epoch}), beyond the ` +
          `${total} steps asked for`,
        {
          code: 'training',
          remedy: 'choose an earlier one by checkpoint.unet; option overwrite trains anew',
        },
      );
    }
    if (reached && !resume) {
      onNotice?.(
        `${folder} holds this training, at step ${reached.step} of ${total}: going on from there (option overwrite trains anew)`,
      );
    }
    let current = saved?.current ?? null;
    const save = async (snapshot: TrainingSnapshot, reason: SaveReason) => {
      workspace.checkClaim();
      // First: the curves are cut to the state, never the other way round.
      await writeTrainingLog(folder, curves);
      const { epoch, stateDict } = weightsOf(snapshot, reason);
      // The file of an epoch is that of its end: an interruption in the next one does not touch it.
      if (reason === 'epoch' || reason === 'end' || (reason === 'interrupted' && current !== epoch)) {
        await writeWeights(folder, 'unet', epoch, { stateDict, architecture: unetArchitecture(config) });
        current = epoch;
      }
      await writeTrainingState(folder, { snapshot, current }, identity);
    };
    if (!saved) await startFromGaussian(unet, small);
    const result = await trainUNet({
      unet,
      batches: epochBatches(small, {
        config,
        size,
        batchSize: training.batchSize,
        augmentation: training.augment,
        masks,
      }),
      schedule: buildSchedule(config),
      ...(training.epochs === null ? { steps: training.steps! } : { epochs: training.epochs }),
      optimizer: adam({ learningRate: training.learningRate, weightDecay: training.weightDecay }),
      learningRateSchedule: learningRateSchedule(config, total),
      maxTimestep: training.maxTimestep ?? undefined,
      minTimestep: training.minTimestep,
      microBatchSize: training.microBatchSize ?? undefined,
      stepsPerRun: training.stepsPerRun ?? undefined,
      clipNorm: training.clipNorm ?? undefined,
      ema: training.ema ?? undefined,
      validation: validationOf(config, {
        ...options,
        images,
        onValidation: ({ step, error }) => curves.validation.push({ step, loss: error }),
      }),
      seed: config.seed,
      signal,
      onProgress: ({ step, loss }) => {
        curves.loss.push({ step, loss });
        onProgress?.({ phase: 'train', done: step, total, loss });
      },
      checkpoint: { save, seconds: secondsBetweenStates, every: training.saveEvery ?? undefined },
      resume: saved?.snapshot,
    });
    if (result.interrupted) {
      throw new InterruptedError(`interrupted at step ${result.step} of ${total}`, {
        remedy: `saved in ${folder}, option resume continues it`,
      });
    }
    const { step: steps, epoch, stoppedEarly, best } = result;
    return {
      steps,
      epoch,
      loss: curves.loss.at(-1)?.loss ?? Number.NaN,
      checkpoint: join(folder, `unet-${current}.safetensors`),
      stoppedEarly,
      ...(best && { best }),
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    unet.dispose();
  }
}

/** The weights to use of a snapshot: at the end the best validated ones, where they were kept. */
function weightsOf({ unet, average, validation, progress }: TrainingSnapshot, reason: SaveReason) {
  const best = validation?.best;
  return reason === 'end' && best?.weights
    ? { epoch: best.epoch, stateDict: best.weights }
    : { epoch: progress.epoch, stateDict: average ?? unet };
}

function learningRateSchedule({ training }: Config, total: number): LearningRateSchedule {
  const { warmupSteps } = training;
  if (training.learningRateSchedule === 'constant') return warmup(warmupSteps);
  return cosine({ steps: Math.max(total, warmupSteps) + 1, warmupSteps });
}

function validationOf(
  config: Config,
  {
    images,
    onNotice,
    signal,
    onValidation,
  }: TaskOptions & { images: TrainingImages; onValidation: (validation: Validation) => void },
): TrainUNetOptions['validation'] {
  const { validateEvery, patience } = config.training;
  if (validateEvery === null) return undefined;
  if (images.shared && patience !== null) {
    onNotice?.(
      'validating on training images, since there are too few to hold some back: early stopping sees when the ' +
        'reconstruction no longer improves, not when it gets worse on new images',
    );
  }
  const held = images.calibration.slice(0, validationImages);
  const masks = learntMasks(images.calibrationMasks?.slice(0, validationImages), config);
  return {
    every: validateEvery,
    patience: patience ?? undefined,
    evaluate: (unet) => reconstructionError(unet, held, { config, masks, signal }),
    onValidation,
  };
}
