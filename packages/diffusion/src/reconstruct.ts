import { compile, imageNoise, seedFrom } from '@ddad/nn';
import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { addNoise, type DenoisingScalars, denoise } from './denoise.js';
import { denoisingSteps, meanStep } from './denoising-steps.js';
import type { ReconstructionSettings } from './reconstruction-settings.js';
import type { UNet } from './unet.js';

export interface ReconstructOptions extends ReconstructionSettings {
  /** y0, what the reconstruction is pulled towards: the shape of `x`. At test time `x` itself. */
  target: tf.Tensor4D;
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
  const compiled = compile(
    (...[xt, target, n, t, scalars]: DenoisingInputs) =>
      denoise(unet, {
        ...{ xt, target, n, t },
        scalars: tf.split(scalars, 6).map((scalar) => tf.reshape(scalar, [])) as DenoisingScalars,
      }),
    { freeze: unet.variables },
  );
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

/** Algorithm 1 of DDAD (arXiv 2305.15956) in the form of DDIM; the variables are those of `denoise`. */
async function algorithm1(
  step: (...inputs: DenoisingInputs) => Promise<tf.Tensor4D>,
  x: tf.Tensor4D,
  options: ReconstructOptions,
): Promise<tf.Tensor4D> {
  const { target, schedule, start = 250, onStep, signal } = options;
  check(x, options);
  const noise = options.noise ?? imageNoise(await imageSeeds(x));
  const steps = denoisingSteps(options);

  // 1. x_T' = sqrt(alphaBar_T') x + sqrt(1 - alphaBar_T') n
  let xt = tf.tidy(() => addNoise(x, { alphaBar: schedule.alphaBar(start), n: noise(x.shape) }));
  try {
    // 2. for each t, down to 0
    for (const [index, { t, scalars }] of steps.entries()) {
      signal?.throwIfAborted();
      const inputs = tf.tidy(() => [
        noise(x.shape),
        tf.fill([x.shape[0]], t, 'float32'),
        tf.tensor1d(scalars),
      ]) as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
      try {
        const xNext = await step(xt, target, ...inputs);
        xt.dispose();
        xt = xNext;
      } finally {
        tf.dispose(inputs);
      }
      await onStep?.({ step: index + 1, steps: steps.length, x: xt });
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
    for (const [index, level] of levels.entries()) {
      signal?.throwIfAborted();
      const { t, scalars } = meanStep(level, schedule);
      const inputs = tf.tidy(() => [
        addNoise(x, { alphaBar: schedule.alphaBar(t), n: noise(x.shape) }),
        options.target,
        tf.zerosLike(x),
        tf.fill([x.shape[0]], t, 'float32'),
        tf.tensor1d(scalars),
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

type DenoisingInputs = [
  xt: tf.Tensor4D,
  target: tf.Tensor4D,
  n: tf.Tensor4D,
  t: tf.Tensor1D,
  scalars: tf.Tensor1D,
];

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
  { target, w, schedule, start = 250, skip: given, steps, eta = 1 }: ReconstructOptions,
): void {
  const skip = given ?? 25;
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
