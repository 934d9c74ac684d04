import { adam, assignValues, assignVariables, loopPays, readVariables, withValues } from '@ddad/nn';
import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { earlyStopping } from './early-stopping.js';
import { runLength } from './run-length.js';
import {
  checkTrainingOptions,
  type SaveReason,
  type TrainingPosition,
  type TrainingResult,
  type TrainUNetOptions,
  type Validation,
} from './training-options.js';
import { createTrainingStep } from './training-step.js';
import { upcomingBatches } from './upcoming-batches.js';

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
    stepsPerRun: true,
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
  const { microBatchSize, stepsPerRun: wanted = loopPays() ? undefined : 1 } = options;
  const stepsPerRun = microBatchSize === undefined ? wanted : 1;
  const lengths = runLength(stepsPerRun);
  const step = createTrainingStep({ ...options, optimizer, maxTimestep, seed, together: stepsPerRun !== 1 });
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
  const secondsUntilSave = () =>
    checkpoint?.seconds === undefined
      ? Number.POSITIVE_INFINITY
      : (savedAt + Math.max(checkpoint.seconds * 1000, 20 * savingTook) - performance.now()) / 1000;

  let loss = Number.NaN;
  /** Batches of the run that begins once there are enough. */
  const run: { batch: tf.Tensor4D; epoch: number; index: number }[] = [];
  let began = 0;
  const takeRun = async () => {
    if (run.length === 0 || signal?.aborted) return;
    let taken = 0;
    await step.run(
      run.map(({ batch }) => batch),
      {
        step: position.step,
        learningRate: (number) => optimizer.learningRate * learningRateSchedule(number),
        onLoss: (value) => {
          const { epoch, index } = run[taken++];
          loss = value;
          position.step++;
          position.epoch = epoch;
          position.batch = index + 1;
          onProgress?.({ step: position.step, steps, epoch, epochs, loss });
        },
      },
    );
    lengths.took({ steps: run.length, seconds: (performance.now() - began) / 1000 });
    tf.dispose(run.splice(0).map(({ batch }) => batch));
    if (!signal?.aborted && secondsUntilSave() <= 0) await save('time');
  };
  /** Whether something happens at the end of an epoch that a run cannot go over. */
  const isDue = (epoch: number) => epoch === epochs || validates(epoch) || saves(epoch);
  const validates = (epoch: number) => validation !== undefined && epoch % (validation.every ?? 1) === 0;
  const saves = (epoch: number) => checkpoint?.every !== undefined && epoch % checkpoint.every === 0;
  const endEpoch = async (epoch: number) => {
    await takeRun();
    if (!signal?.aborted && validates(epoch)) await stopping.validate({ step: position.step, epoch });
    if (signal?.aborted) return;
    position.epoch = epoch;
    position.batch = 0;
    if (saves(epoch) && !done()) await save('epoch');
  };

  try {
    if (resume) {
      unet.loadStateDict(resume.unet);
      assignVariables(state, resume.optimizer, { who: 'trainUNet' });
    }
    if (!done() && !signal?.aborted) {
      for await (const { batch, epoch, index } of upcomingBatches(batches, position)) {
        if (batch) {
          // one batch more is asked for, to know whether the last step ended its epoch
          if (position.step === steps) break;
          if (run.length > 0 && batch.shape.join() !== run[0].batch.shape.join()) await takeRun();
          if (run.length === 0) began = performance.now();
          run.push({ batch: batch.clone(), epoch, index });
          const most = lengths.next({ seconds: secondsUntilSave(), bytesPerStep: step.bytesOf(batch) });
          if (run.length >= most || position.step + run.length === steps) await takeRun();
        } else if (run.length === 0 || isDue(epoch + 1)) await endEpoch(epoch + 1);
        if (signal?.aborted || (!batch && done())) break;
      }
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
    tf.dispose(run.map(({ batch }) => batch));
    step.dispose();
  }
}
