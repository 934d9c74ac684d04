import {
  bernoulli,
  clipByGlobalNorm,
  compile,
  compileStep,
  deriveSeed,
  emaDecay,
  gaussian,
  initEma,
  type Optimizer,
  randomIntegers,
  updateEma,
} from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';
import type { Schedule } from './linear-schedule.js';
import { noiseLevels, noisePredictionLoss } from './training-loss.js';
import type { UNet } from './unet.js';

export interface TrainingStepOptions {
  unet: UNet;
  schedule: Schedule;
  optimizer: Optimizer;
  minTimestep?: number;
  maxTimestep: number;
  seed: number;
  /** Images that pass the network at once; the gradients of a larger batch are accumulated. */
  microBatchSize?: number;
  clipNorm?: number;
  /** Decay of the moving average of the weights. */
  ema?: number;
  /** Whether the steps that `run` is given go to the engine together. */
  together: boolean;
}

/** Optimizer steps, natively compiled, and the variables they work on. */
export interface TrainingStep {
  /**
   * Takes a step with each batch; all have one shape.
   *
   * @param options.step optimizer steps done before
   * @param options.learningRate of a step, by its number from 1
   * @param options.onLoss called with the loss of each batch whose step was taken, in order
   * @throws if a loss or a gradient is not finite: parameters, moments and average are then those of the step before
   */
  run(
    batches: readonly tf.Tensor4D[],
    options: { step: number; learningRate: (step: number) => number; onLoss: (loss: number) => void },
  ): Promise<void>;
  /** Bytes that a step with such a batch brings to the engine. */
  bytesOf(batch: tf.Tensor4D): number;
  /** The optimizer's. */
  readonly state: Map<string, tf.Variable>;
  /** The moving average of the parameters, by their names. */
  readonly average?: Map<string, tf.Variable>;
  dispose(): void;
}

type Inputs = [x0: tf.Tensor4D, noise: tf.Tensor4D, t: tf.Tensor1D, levels: tf.Tensor, ...rest: tf.Tensor[]];

/**
 * Forward, backward and update as a single graph where the batch passes at once; otherwise one graph that adds to
 * the gradients and one that applies them. Both give the same step up to rounding, since the network normalises
 * each image by itself.
 */
export function createTrainingStep({
  unet,
  schedule,
  optimizer,
  minTimestep = 0,
  maxTimestep,
  seed,
  microBatchSize = Number.POSITIVE_INFINITY,
  clipNorm,
  ema,
  together,
}: TrainingStepOptions): TrainingStep {
  const who = 'trainUNet';
  const parameters = unet.namedParameters;
  const state = optimizer.init(parameters);
  const average = ema === undefined ? undefined : initEma(parameters);
  let sums: Map<string, tf.Variable> | undefined;

  const { inChannels } = unet.options;

  function lossAndGradients(
    given: tf.Tensor4D,
    noise: tf.Tensor4D,
    t: tf.Tensor1D,
    levels: tf.Tensor,
    masks: tf.Tensor[],
  ) {
    const [signal, sigma] = tf
      .split(levels, 2)
      .map((level) => tf.reshape(level, [given.shape[0], 1, 1, 1]) as tf.Tensor4D);
    const [x0, counts] =
      given.shape[3] > inChannels ? withCounts(given, inChannels) : ([given, undefined] as const);
    const { value, grads } = tf.variableGrads(
      () => noisePredictionLoss(unet, x0, { t, signal, sigma, noise, counts, dropoutMasks: masks }),
      [...parameters.values()],
    );
    return { value, gradients: new Map([...parameters].map(([name, v]) => [name, grads[v.name]])) };
  }

  function apply(
    gradients: ReadonlyMap<string, tf.Tensor>,
    coefficients: tf.Tensor1D,
    decay: tf.Scalar,
  ): void {
    const clipped = clipNorm === undefined ? gradients : clipByGlobalNorm(gradients, clipNorm);
    optimizer.update(parameters, clipped, state, coefficients);
    if (average) updateEma(average, parameters, decay);
  }

  const whole = compileStep(
    (...inputs: [tf.Tensor1D, tf.Scalar, ...Inputs]) => {
      const [coefficients, decay, x0, noise, t, levels, ...masks] = inputs;
      const { value, gradients } = lossAndGradients(x0, noise, t, levels, masks);
      apply(gradients, coefficients, decay);
      return { loss: value, gradients };
    },
    { who },
  );
  const accumulate = compileStep(
    (...inputs: [tf.Scalar, ...Inputs]) => {
      const [weight, x0, noise, t, levels, ...masks] = inputs;
      const { value, gradients } = lossAndGradients(x0, noise, t, levels, masks);
      for (const [name, sum] of sums!) sum.assign(tf.add(sum, tf.mul(gradients.get(name)!, weight)));
      return { loss: tf.mul(value, weight), gradients };
    },
    { who },
  );
  const applySums = compile((coefficients: tf.Tensor1D, decay: tf.Scalar) => {
    apply(sums!, coefficients, decay);
    clear(sums!);
    return undefined;
  });

  /** What a step takes that is not in its batch. */
  const drawn = (batch: tf.Tensor4D, step: number, learningRate: (step: number) => number) => ({
    draw: stepNoise(batch, { schedule, minTimestep, maxTimestep, seed, step, inChannels }),
    coefficients: tf.tensor1d(
      optimizer.coefficients({ step: step + 1, learningRate: learningRate(step + 1) }),
    ),
    decay: tf.scalar(ema === undefined ? 0 : emaDecay(ema, step + 1)),
  });

  async function runWhole(
    batches: readonly tf.Tensor4D[],
    { step, learningRate, onLoss }: Parameters<TrainingStep['run']>[1],
  ): Promise<void> {
    const calls = batches.map((batch, i): [tf.Tensor1D, tf.Scalar, ...Inputs] => {
      const { draw, coefficients, decay } = drawn(batch, step + i, learningRate);
      const inputs = draw.inputs(0, batch.shape[0], unet);
      draw.dispose();
      return [coefficients, decay, ...inputs];
    });
    try {
      if (together) await whole.several(step + 1, calls, onLoss);
      else for (const [i, call] of calls.entries()) onLoss(await whole(step + 1 + i, ...call));
    } finally {
      tf.dispose(calls.flat());
    }
  }

  async function runInParts(
    batch: tf.Tensor4D,
    step: number,
    learningRate: (step: number) => number,
  ): Promise<number> {
    const n = batch.shape[0];
    const { draw, coefficients, decay } = drawn(batch, step, learningRate);
    try {
      sums ??= zeros(parameters);
      let loss = 0;
      for (let from = 0; from < n; from += microBatchSize) {
        const count = Math.min(microBatchSize, n - from);
        const inputs = draw.inputs(from, count, unet);
        const weight = tf.scalar(count / n);
        loss += await accumulate(step + 1, weight, ...inputs).finally(() => tf.dispose([weight, ...inputs]));
      }
      await applySums(coefficients, decay);
      return loss;
    } catch (error) {
      if (sums) clear(sums);
      throw error;
    } finally {
      draw.dispose();
      tf.dispose([coefficients, decay]);
    }
  }

  return {
    state,
    average,
    async run(batches, options) {
      if (batches[0].shape[0] <= microBatchSize) return runWhole(batches, options);
      const { step, learningRate, onLoss } = options;
      for (const [i, batch] of batches.entries()) onLoss(await runInParts(batch, step + i, learningRate));
    },
    bytesOf(batch) {
      const masks = unet.dropoutShapes(batch.shape[0]).map((shape) => shape.reduce((a, b) => a * b, 1));
      return masks.reduce((a, b) => a + b, 2 * 4 * batch.size);
    },
    dispose() {
      for (const compiled of [whole, accumulate, applySums]) compiled.dispose();
      for (const variables of [state, average, sums]) tf.dispose([...(variables?.values() ?? [])]);
    },
  };
}

/** Images, and as 1 and 0 where their error counts, from batches with a channel for it. */
function withCounts(given: tf.Tensor4D, channels: number): [tf.Tensor4D, tf.Tensor4D] {
  const [x0, last] = tf.split(given, [channels, 1], 3) as tf.Tensor4D[];
  return [x0, tf.cast(tf.greater(last, 0), 'float32')];
}

function clear(variables: ReadonlyMap<string, tf.Variable>): void {
  tf.tidy(() => {
    for (const variable of variables.values()) variable.assign(tf.zerosLike(variable));
  });
}

function zeros(parameters: ReadonlyMap<string, tf.Variable>): Map<string, tf.Variable> {
  return new Map(
    [...parameters].map(([name, parameter]) => [
      name,
      tf.tidy(() => tf.variable(tf.zerosLike(parameter), false)),
    ]),
  );
}

/** Noise, time steps and dropout masks of a step: from (seed, step) alone, however the batch is cut. */
function stepNoise(
  batch: tf.Tensor4D,
  {
    schedule,
    minTimestep,
    maxTimestep,
    seed,
    step,
    inChannels,
  }: {
    schedule: Schedule;
    minTimestep: number;
    maxTimestep: number;
    seed: number;
    step: number;
    inChannels: number;
  },
) {
  const n = batch.shape[0];
  const t = Array.from(
    randomIntegers(deriveSeed(seed, step, 0), n, maxTimestep - minTimestep),
    (value) => minTimestep + value,
  );
  const noise = gaussian<tf.Rank.R4>(deriveSeed(seed, step, 1), [
    ...(batch.shape.slice(0, 3) as [number, number, number]),
    inChannels,
  ]);
  return {
    /** The part of the step's inputs that belongs to `count` images from image `from` on. */
    inputs(from: number, count: number, unet: UNet): Inputs {
      const slice = (x: tf.Tensor4D) => (count === n ? x.clone() : tf.slice(x, from, count));
      const { signal, sigma } = noiseLevels(t.slice(from, from + count), schedule);
      const masks = unet.dropoutShapes(count).map((shape, i) => {
        const each = shape.slice(1).reduce((a, b) => a * b, 1);
        const mask = bernoulli(
          deriveSeed(seed, step, 2 + i),
          count * each,
          unet.options.dropout,
          from * each,
        );
        return tf.tensor(mask, shape, 'bool');
      });
      return [
        slice(batch),
        slice(noise),
        tf.tensor1d(t.slice(from, from + count), 'float32'),
        tf.tensor1d([...signal, ...sigma]),
        ...masks,
      ];
    },
    dispose: () => noise.dispose(),
  };
}
