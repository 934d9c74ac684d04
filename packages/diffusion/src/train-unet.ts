import { adam, assignValues, assignVariables, batchesOf, readVariables, withValues } from '@ddad/nn';
import { checkOptions } from '@ddad/options';
import { earlyStopping } from './early-stopping.js';
import {
  checkTrainingOptions,
  type SaveReason,
  type TrainingPosition,
  type TrainingResult,
  type TrainUNetOptions,
  type Validation,
} from './training-options.js';
import { createTrainingStep } from './training-step.js';

/**
 * Trains the UNet to predict noise (paper, section 3.1; DDPM's simple loss) with one compiled step: forward,
 * backward and update are a single native graph. At the end `unet` holds the weights to use: with `patience` the
 * best validated ones, else with `ema` the average, else the last.
 *
 * @throws if a loss, a gradient or a validation error is not finite (the message has the step). Such a step changes no
 * weight, and nothing is saved after it.
 */
export async function trainUNet(options: TrainUNetOptions): Promise<TrainingResult> {
  checkOptions('trainUNet', options, {
    unet: true,
    batches: true,
    schedule: true,
    epochs: true,
    steps: true,
    optimizer: true,
    learningRateSchedule: true,
    minTimestep: true,
    maxTimestep: true,
    microBatchSize: true,
    clipNorm: true,
    ema: true,
    validation: true,
    seed: true,
    onProgress: true,
    signal: true,
    checkpoint: true,
    resume: true,
  });
  const { unet, batches, schedule, epochs, steps, seed = 0, onProgress, signal, resume } = options;
  const { learningRateSchedule = () => 1, checkpoint, validation } = options;
  const { optimizer = adam({ learningRate: 3e-4, weightDecay: 0.05 }), maxTimestep = schedule.steps } =
    options;
  const { minTimestep = 0 } = options;
  checkTrainingOptions(options, { minTimestep, maxTimestep, seed });
  const length = epochs ?? steps!;

  const position: TrainingPosition = resume ? { ...resume.progress } : { step: 0, epoch: 0, batch: 0, seed };
  // the average starts from the weights that are there
  if (resume) unet.loadStateDict(resume.average ?? resume.unet);
  const step = createTrainingStep({ ...options, optimizer, maxTimestep, seed });
  const { state, average } = step;

  const using = <T>(use: () => Promise<T>) =>
    average ? withValues(unet.namedParameters, average, use) : use();
  const stopping = earlyStopping(options, using);
  const done = () =>
    stopping.isOver || (epochs === undefined ? position.step >= length : position.epoch >= length);

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
        ...(stopping.state && { validation: stopping.state }),
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
        loss = await step.run(batch, { step: position.step, learningRate });
        position.step++;
        position.batch++;
        onProgress?.({ step: position.step, steps, epoch: position.epoch, epochs, loss });
        if (signal?.aborted) break;
        if (isTimeToSave()) await save('time');
      }
      if (seen === 0) throw new Error('trainUNet: needs at least one batch in an epoch, got none');
      if (signal?.aborted || !isWhole) break;
      const epoch = position.epoch + 1;
      if (validation && epoch % (validation.every ?? 1) === 0)
        await stopping.validate({ step: position.step, epoch });
      if (signal?.aborted) break;
      position.epoch = epoch;
      position.batch = 0;
      if (checkpoint?.every && epoch % checkpoint.every === 0 && !done()) await save('epoch');
    }
    const interrupted = !done();
    if (!interrupted) await stopping.validate(position);
    await save(interrupted ? 'interrupted' : 'end');
    const { weights, ...best } = stopping.state?.best ?? {};
    if (!interrupted && weights) unet.loadStateDict(weights);
    else if (average) assignValues(unet.namedParameters, average);
    const stoppedEarly = !interrupted && (epochs === undefined ? position.step : position.epoch) < length;
    return {
      ...position,
      loss,
      interrupted,
      stoppedEarly,
      ...(stopping.state && { best: best as Validation }),
    };
  } finally {
    step.dispose();
  }
}
