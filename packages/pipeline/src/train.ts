import { join } from 'node:path';
import { type TrainingSnapshot, trainUNet } from '@ddad/diffusion';
import { adam, cosine } from '@ddad/nn';
import { checkpointFolder } from './checkpoint/folders.js';
import { readTrainingState, writeTrainingState } from './checkpoint/training-state.js';
import { writeWeights } from './checkpoint/weights-file.js';
import { loadConfig } from './config/load-config.js';
import type { Config, ConfigInput } from './config/schema.js';
import { openData } from './data/open-data.js';
import { epochBatches } from './data/training-batches.js';
import { trainingImages } from './data/training-images.js';
import { startEngine } from './engine.js';
import { InterruptedError } from './interrupted-error.js';
import { checkWritable } from './io/write-atomic.js';
import { buildUNet, unetArchitecture } from './model/build-unet.js';
import { buildSchedule } from './model/schedule.js';
import { costNotice, trainingCost } from './model/training-cost.js';
import type { RunOptions } from './progress.js';
import { readTrainingLog, writeTrainingLog } from './training-log.js';

export interface TrainOptions extends RunOptions {
  /** Continue from the state saved in the checkpoint folder, bit for bit. @default false */
  resume?: boolean;
}

export interface TrainResult {
  steps: number;
  /** Epochs completed. */
  epoch: number;
  /** Of the last step. */
  loss: number;
  /** Path of the UNet's weights. */
  checkpoint: string;
  seconds: number;
}

/**
 * Trains the UNet on the good images of a data set. Leaves `unet-<epoch>.safetensors`, the state to resume from and
 * the losses in the checkpoint folder.
 *
 * @throws {UserError} missing data, an engine that is not installed, an unwritable folder, nothing to resume
 * @throws {InterruptedError} `signal` was fired; the state is saved
 */
export async function train(config: ConfigInput | string, options: TrainOptions = {}): Promise<TrainResult> {
  const resolved = loadConfig(config, options);
  const { resume = false, onProgress, onNotice, signal } = options;
  const began = performance.now();
  const folder = checkpointFolder(resolved);
  const dataset = await openData(resolved);
  await checkWritable(folder);
  const settings = trainingSettings(resolved);
  const snapshot = resume ? await readTrainingState(folder, { settings }) : undefined;
  const images = (await trainingImages(dataset, resolved, options)).training;
  const cost = costNotice(resolved, images.length);
  if (cost) onNotice?.(cost);
  const { batchSize, learningRate, learningRateSchedule, maxTimestep, weightDecay, saveEvery } =
    resolved.training;
  if (images.length < batchSize) {
    onNotice?.(`training.batchSize ${batchSize} shrinks to the ${images.length} images there are`);
  }
  await startEngine(resolved, options);
  const unet = await buildUNet(resolved);
  try {
    const total = trainingCost(resolved, images.length).steps;
    const losses = snapshot ? (await readTrainingLog(folder)).loss : [];
    if (snapshot) losses.splice(losses.findIndex(({ step }) => step > snapshot.progress.step) >>> 0);
    let weights = '';
    const save = async (state: TrainingSnapshot) => {
      const { unet: stateDict, progress } = state;
      const architecture = unetArchitecture(resolved);
      const { file } = await writeWeights(folder, 'unet', progress.epoch, { stateDict, architecture });
      weights = join(folder, file);
      await writeTrainingState(folder, state, { settings });
      await writeTrainingLog(folder, { loss: losses });
    };
    const { epochs, steps } = resolved.training;
    const result = await trainUNet({
      unet,
      batches: epochBatches(images, { config: resolved, batchSize }),
      schedule: buildSchedule(resolved),
      ...(epochs === null ? { steps: steps! } : { epochs }),
      optimizer: adam({ learningRate, weightDecay }),
      learningRateSchedule: learningRateSchedule === 'cosine' ? cosine({ steps: total + 1 }) : undefined,
      maxTimestep: maxTimestep ?? undefined,
      seed: resolved.seed,
      signal,
      onProgress: ({ step, loss }) => {
        losses.push({ step, loss });
        onProgress?.({ phase: 'train', done: step, total, loss });
      },
      checkpoint: { save, ...(saveEvery === null ? {} : { every: saveEvery }) },
      ...(snapshot ? { resume: snapshot } : {}),
    });
    if (result.interrupted) {
      throw new InterruptedError(
        `interrupted at step ${result.step} of ${total}; saved in ${folder}, continue with --resume`,
      );
    }
    const loss = losses.at(-1)?.loss ?? Number.NaN;
    const seconds = (performance.now() - began) / 1000;
    return { steps: result.step, epoch: result.epoch, loss, checkpoint: weights, seconds };
  } finally {
    unet.dispose();
  }
}

/** Everything the course of a training depends on. */
function trainingSettings(config: Config): string {
  const { data, model, training, seed } = config;
  return JSON.stringify([
    unetArchitecture(config),
    [data.kind, data.root, data.category, data.fit],
    [model.dropout, model.steps, model.betaStart, model.betaEnd],
    [training.batchSize, training.learningRate, training.learningRateSchedule, training.maxTimestep],
    // a cosine depends on the length
    training.learningRateSchedule === 'cosine' ? [training.steps, training.epochs] : [],
    [training.weightDecay, config.scoring.holdBack],
    seed,
  ]);
}
