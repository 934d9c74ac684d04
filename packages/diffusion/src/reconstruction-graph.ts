import * as tf from '@tensorflow/tfjs';
import { addNoise, type DenoisingScalars, denoise } from './denoise.js';
import { type DenoisingStep, denoisingSteps, meanStep } from './denoising-steps.js';
import type { ReconstructionSettings } from './reconstruction-settings.js';
import type { UNet } from './unet.js';

/** Tensors of noise that a reconstruction with these settings draws. */
export function noiseDraws({ levels, ...settings }: ReconstructionSettings): number {
  return levels ? levels.length : 1 + denoisingSteps(settings).length;
}

/**
 * What `reconstruct` gives of `x` with itself as the target, as one graph: ops alone, for export and for compilation.
 *
 * @param x [n, h, w, c] in [-1, 1]
 * @param noise [draws, n, h, w, c], standard normal, the draws of `reconstruct` in their order
 * @returns [n, h, w, c]
 */
export function reconstructionGraph(
  unet: UNet,
  x: tf.Tensor4D,
  { noise, schedule, start = 250, levels, ...settings }: ReconstructionSettings & { noise: tf.Tensor5D },
): tf.Tensor4D {
  const draws = tf.unstack(noise);
  const step = (xt: tf.Tensor4D, n: tf.Tensor, { t, scalars }: DenoisingStep) =>
    denoise(unet, {
      ...{ xt, target: x, n: n as tf.Tensor4D },
      t: tf.fill([x.shape[0]], t, 'float32') as tf.Tensor1D,
      scalars: scalars.map((value) => tf.scalar(value)) as DenoisingScalars,
    });
  const noised = (t: number, n: tf.Tensor) => addNoise(x, { alphaBar: schedule.alphaBar(t), n });
  if (levels) {
    const predictions = levels.map((level, i) =>
      step(noised(level, draws[i]), tf.zerosLike(x), meanStep(level, schedule)),
    );
    return tf.mean(tf.stack(predictions), 0) as tf.Tensor4D;
  }
  return denoisingSteps({ schedule, start, ...settings }).reduce(
    (xt, each, i) => step(xt, draws[i + 1], each),
    noised(start, draws[0]),
  );
}
