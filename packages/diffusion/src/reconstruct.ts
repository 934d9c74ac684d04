import { compile, imageNoise, seedFrom } from '@ddad/nn';
import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import type { Schedule } from './linear-schedule.js';
import { predictNoise } from './predict-noise.js';
import { evenly, everySkip } from './timesteps.js';
import type { UNet } from './unet.js';

export interface ReconstructOptions {
  /** y0, what the reconstruction is pulled towards: the shape of `x`. At test time `x` itself. */
  target: tf.Tensor4D;
  /** Strength of the conditioning; 0: none. */
  w: number;
  schedule: Schedule;
  /** T', the noise level to start from, 1..T-1. @default 250 */
  start?: number;
  /** Distance of the time steps visited. @default 25 */
  skip?: number;
  /**
   * Visits so many evenly spaced time steps instead, from `start` down to `start / steps`: the first is the noise level
   * that `x` was brought to (Algorithm 1 starts one `skip` below it), and from the last the clean image is predicted at
   * once. The pull towards the target grows to no more than all of the way in a step, and is left out of the last
   * one. For reconstructions in one to five steps; not with `skip`.
   */
  steps?: number;
  /**
   * Predicts the clean image at once from each of these noise levels (1..T-1), each with noise of its own, and takes the
   * mean. The target has no part in it. Not with `start`, `skip`, `steps`.
   */
  levels?: readonly number[];
  /** Stochasticity: 1 as DDPM, 0 deterministic (DDIM). @default 1 */
  eta?: number;
  /**
   * Standard normal noise: called once for the start and once per step, in that order; the tensors are disposed
   * here.
   *
   * @default seeded for each image by a hash of its own values in `x`, whatever batch it came in
   */
  noise?: (shape: number[]) => tf.Tensor;
  /** Called after each denoising step; `x` is valid during the call only. */
  onStep?: (info: { step: number; steps: number; x: tf.Tensor4D }) => void | Promise<void>;
  /** Stops before the next run of the network: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface Reconstructor {
  /** See {@link reconstruct}. */
  (x: tf.Tensor4D, options: ReconstructOptions): Promise<tf.Tensor4D>;
  /** Releases the compiled step. */
  dispose(): void;
}

const reconstructors = new WeakMap<UNet, Reconstructor>();

/**
 * The defect-free version of `x` (DDAD, arXiv 2305.15956, Algorithm 1 in DDIM form): noises `x` up to step
 * `start`, then denoises it while pulling it towards `target`.
 *
 * The compiled step is kept with the UNet for the next call, until `unet.dispose()`; use
 * {@link createReconstructor} to own it.
 *
 * @param x [n, h, w, c] in [-1, 1]
 * @returns [n, h, w, c], about [-1, 1], not clipped; the caller disposes it
 */
export async function reconstruct(
  unet: UNet,
  x: tf.Tensor4D,
  options: ReconstructOptions,
): Promise<tf.Tensor4D> {
  let reconstructor = reconstructors.get(unet);
  if (!reconstructor) {
    const created = createReconstructor(unet);
    reconstructors.set(unet, created);
    unet.onDispose(() => created.dispose());
    reconstructor = created;
  }
  return reconstructor(x, options);
}

/**
 * A {@link reconstruct} for `unet` that owns its compiled step. The weights are constants of that step; training
 * the UNet further or loading other weights is noticed, and the next call compiles again.
 */
export function createReconstructor(unet: UNet): Reconstructor {
  const compiled = compile((...inputs: DenoisingInputs) => denoise(unet, ...inputs), {
    freeze: unet.variables,
  });
  const run = async (x: tf.Tensor4D, options: ReconstructOptions) => {
    checkOptions('reconstruct', options, {
      target: true,
      w: true,
      schedule: true,
      start: true,
      skip: true,
      steps: true,
      levels: true,
      eta: true,
      noise: true,
      onStep: true,
      signal: true,
    });
    return options.levels
      ? meanPrediction(compiled, x, { ...options, levels: options.levels })
      : algorithm1(compiled, x, options);
  };
  return Object.assign(run, { dispose: () => compiled.dispose() });
}

/**
 * Algorithm 1 of DDAD (arXiv 2305.15956) in the form of DDIM (Song et al. 2021, eq. 12 and 16).
 *
 * | here                   | paper                                |                                                        |
 * | ---------------------- | ------------------------------------ | ------------------------------------------------------ |
 * | x, target              | x, y                                 | images [n, h, w, c]; the same at test time             |
 * | w                      | w                                    | strength of the conditioning                           |
 * | start                  | T'                                   | noise level to start from                              |
 * | t, tNext               | t, t-1                               | time step, and the next one visited; -1 after the last |
 * | alphaBar, nextAlphaBar | alphaBar_t, alphaBar_{t-1}           | what is left of the image; 1 at t = -1                 |
 * | xt, xNext              | x_t, x_{t-1}                         |                                                        |
 * | e                      | epsilon_theta(x_t, t)                | noise the network sees                                 |
 * | yt                     | y_t                                  | target with that noise                                 |
 * | eHat                   | hat epsilon                          | noise after the pull towards the target                |
 * | x0                     | f_theta(x_t)                         | clean image predicted                                  |
 * | n                      | epsilon_t                            | fresh standard normal noise, drawn also where c1 is 0  |
 * | eta                    | eta                                  | 1 as DDPM, 0 deterministic                             |
 * | c1                     | sigma_t                              | weight of n                                            |
 * | c2                     | sqrt(1 - alphaBar_{t-1} - sigma_t^2) | weight of eHat                                         |
 */
async function algorithm1(
  step: (...inputs: DenoisingInputs) => Promise<tf.Tensor4D>,
  x: tf.Tensor4D,
  options: ReconstructOptions,
): Promise<tf.Tensor4D> {
  const { target, schedule, start = 250, skip = 25, steps, eta = 1, onStep, signal } = options;
  check(x, options, { start, skip, eta });
  const noise = options.noise ?? imageNoise(await imageSeeds(x));
  const times = steps === undefined ? everySkip(start, skip) : evenly(start, steps);

  // 1. x_T' = sqrt(alphaBar_T') x + sqrt(1 - alphaBar_T') n
  let xt = addNoise(x, { alphaBar: schedule.alphaBar(start), noise });
  try {
    // 2. for each t, down to 0
    for (const [index, t] of times.entries()) {
      signal?.throwIfAborted();
      const tNext = times[index + 1] ?? -1;
      const alphaBar = schedule.alphaBar(t);
      const nextAlphaBar = schedule.alphaBar(tNext);
      // sigma_t = eta sqrt((1 - alphaBar_{t-1}) / (1 - alphaBar_t)) sqrt(1 - alphaBar_t / alphaBar_{t-1})
      const c1 = eta * Math.sqrt(((1 - alphaBar / nextAlphaBar) * (1 - nextAlphaBar)) / (1 - alphaBar));
      const c2 = Math.sqrt(1 - nextAlphaBar - c1 * c1);
      const w =
        steps === undefined ? options.w : fewStepWeight(options.w, { alphaBar, isLast: tNext === -1 });
      const inputs = tf.tidy(() => [
        noise(x.shape),
        tf.fill([x.shape[0]], t, 'float32'),
        tf.tensor1d([Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar), w, Math.sqrt(nextAlphaBar), c1, c2]),
      ]) as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
      try {
        const xNext = await step(xt, target, ...inputs);
        xt.dispose();
        xt = xNext;
      } finally {
        tf.dispose(inputs);
      }
      await onStep?.({ step: index + 1, steps: times.length, x: xt });
    }
  } catch (error) {
    xt.dispose();
    throw error;
  }
  // 3. The reconstruction x_0
  return xt;
}

/** The mean over noise levels of `f_theta(x_t)`, where `x_t = sqrt(alphaBar_t) x + sqrt(1 - alphaBar_t) n`. */
async function meanPrediction(
  step: (...inputs: DenoisingInputs) => Promise<tf.Tensor4D>,
  x: tf.Tensor4D,
  { levels, schedule, onStep, signal, ...options }: ReconstructOptions & { levels: readonly number[] },
): Promise<tf.Tensor4D> {
  checkLevels(levels, { schedule, ...options });
  checkTarget(x, options.target);
  const noise = options.noise ?? imageNoise(await imageSeeds(x));
  let sum = tf.zerosLike(x);
  try {
    for (const [index, t] of levels.entries()) {
      signal?.throwIfAborted();
      const alphaBar = schedule.alphaBar(t);
      const inputs = tf.tidy(() => [
        addNoise(x, { alphaBar, noise }),
        options.target,
        tf.zerosLike(x),
        tf.fill([x.shape[0]], t, 'float32'),
        // no pull, and nothing but the clean image
        tf.tensor1d([Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar), 0, 1, 0, 0]),
      ]) as DenoisingInputs;
      try {
        const prediction = await step(...inputs);
        const next = tf.tidy(() => tf.add(sum, tf.div(prediction, levels.length)) as tf.Tensor4D);
        tf.dispose([sum, prediction]);
        sum = next;
      } finally {
        const [xt, , ...others] = inputs;
        tf.dispose([xt, ...others]);
      }
      await onStep?.({ step: index + 1, steps: levels.length, x: sum });
    }
  } catch (error) {
    sum.dispose();
    throw error;
  }
  return sum;
}

function addNoise(
  x: tf.Tensor4D,
  { alphaBar, noise }: { alphaBar: number; noise: (shape: number[]) => tf.Tensor },
): tf.Tensor4D {
  return tf.tidy(
    () =>
      tf.add(tf.mul(x, Math.sqrt(alphaBar)), tf.mul(noise(x.shape), Math.sqrt(1 - alphaBar))) as tf.Tensor4D,
  );
}

type DenoisingInputs = [
  xt: tf.Tensor4D,
  target: tf.Tensor4D,
  n: tf.Tensor4D,
  t: tf.Tensor1D,
  scalars: tf.Tensor1D,
];

/** Step 2 of Algorithm 1, one native graph: x_{t-1} of x_t. */
function denoise(unet: UNet, ...[xt, target, n, t, scalars]: DenoisingInputs): tf.Tensor4D {
  const [sqrtAlphaBar, sqrtOneMinusAlphaBar, w, sqrtNextAlphaBar, c1, c2] = tf
    .split(scalars, 6)
    .map((scalar) => tf.reshape(scalar, []));
  // 2.1 epsilon_theta(x_t, t)
  const e = predictNoise(unet, xt, { t, signal: sqrtAlphaBar, sigma: sqrtOneMinusAlphaBar });
  // 2.2 y_t = sqrt(alphaBar_t) y + sqrt(1 - alphaBar_t) epsilon_theta
  const yt = tf.add(tf.mul(target, sqrtAlphaBar), tf.mul(e, sqrtOneMinusAlphaBar));
  // 2.3 hat epsilon = epsilon_theta - sqrt(1 - alphaBar_t) w (y_t - x_t)
  const eHat = tf.sub(e, tf.mul(tf.sub(yt, xt), tf.mul(sqrtOneMinusAlphaBar, w)));
  // 2.4 f_theta = (x_t - sqrt(1 - alphaBar_t) hat epsilon) / sqrt(alphaBar_t)
  const x0 = tf.div(tf.sub(xt, tf.mul(eHat, sqrtOneMinusAlphaBar)), sqrtAlphaBar);
  // 2.5 x_{t-1} = sqrt(alphaBar_{t-1}) f_theta + c1 n + c2 hat epsilon
  const xNext = tf.add(tf.add(tf.mul(x0, sqrtNextAlphaBar), tf.mul(n, c1)), tf.mul(eHat, c2));
  return xNext as tf.Tensor4D;
}

/**
 * A step moves the predicted image by `w (1 - alphaBar)` of its way to the target. Over many small steps that settles;
 * in few it must not overshoot, and in the last it would only give back a part of the anomaly.
 */
function fewStepWeight(w: number, { alphaBar, isLast }: { alphaBar: number; isLast: boolean }): number {
  return isLast ? 0 : Math.min(w, 1 / (1 - alphaBar));
}

/** A seed per image: a hash of its float32 values. */
async function imageSeeds(x: tf.Tensor4D): Promise<number[]> {
  const values = (await x.data()) as Float32Array;
  const size = values.length / x.shape[0];
  return Array.from({ length: x.shape[0] }, (_, i) =>
    seedFrom(new Uint8Array(values.buffer, values.byteOffset + i * size * 4, size * 4)),
  );
}

function check(
  x: tf.Tensor4D,
  { target, w, schedule, skip: given, steps }: ReconstructOptions,
  { start, skip, eta }: { start: number; skip: number; eta: number },
): void {
  checkTarget(x, target);
  if (!(Number.isInteger(start) && start >= 1 && start < schedule.steps)) {
    throw new Error(`reconstruct: needs a whole start in 1..${schedule.steps - 1}, got ${start}`);
  }
  if (!(Number.isInteger(skip) && skip >= 1))
    throw new Error(`reconstruct: needs a whole skip >= 1, got ${skip}`);
  if (steps !== undefined && !(Number.isInteger(steps) && steps >= 1 && steps <= start)) {
    throw new Error(`reconstruct: needs whole steps in 1..start (${start}), got ${steps}`);
  }
  if (steps !== undefined && given !== undefined) {
    throw new Error(`reconstruct: needs either skip or steps, got skip ${given} and steps ${steps}`);
  }
  if (!(eta >= 0 && eta <= 1)) throw new Error(`reconstruct: needs eta in [0, 1], got ${eta}`);
  if (!Number.isFinite(w)) throw new Error(`reconstruct: needs a finite w, got ${w}`);
}

function checkTarget(x: tf.Tensor4D, target: tf.Tensor4D): void {
  if (target.shape.join() !== x.shape.join()) {
    throw new Error(`reconstruct: needs a target of x's shape [${x.shape}], got [${target.shape}]`);
  }
}

function checkLevels(
  levels: readonly number[],
  { schedule, start, skip, steps }: Pick<ReconstructOptions, 'schedule' | 'start' | 'skip' | 'steps'>,
): void {
  const isLevel = (t: number) => Number.isInteger(t) && t >= 1 && t < schedule.steps;
  if (levels.length === 0 || !levels.every(isLevel)) {
    throw new Error(`reconstruct: needs whole levels in 1..${schedule.steps - 1}, got [${levels}]`);
  }
  const other = Object.entries({ start, skip, steps }).find(([, value]) => value !== undefined);
  if (other) throw new Error(`reconstruct: needs either levels or ${other[0]}, got both`);
}
