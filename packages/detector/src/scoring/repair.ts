import {
  createReconstructor,
  type ReconstructOptions,
  reconstructionGraph,
  reduce,
  repair,
  type UNet,
} from '@ddad/diffusion';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config.js';
import { reconstructedSize } from '../networks/unet.js';
import { reconstructionSettings } from './reconstruction-settings.js';

export interface RepairerOptions extends ReconstructOptions {
  /** Changes up to this size are left out where the UNet works at a smaller size than the image's. @default 0 */
  change?: number;
}

/** Reconstructs images of `data.imageSize` with a UNet of `model.imageSize`. */
export interface Repairer {
  /**
   * @param x [n, h, w, c] in [-1, 1], at `data.imageSize`
   * @returns of the same shape; the caller disposes it
   */
  (x: tf.Tensor4D, options: RepairerOptions): Promise<tf.Tensor4D>;
  /** What a reconstruction changes at the UNet's size, absolute, [n, h, w, c]; the caller disposes it. */
  changes(x: tf.Tensor4D, options: ReconstructOptions): Promise<tf.Tensor4D>;
  /** Releases what was compiled. */
  dispose(): void;
}

/**
 * The defect-free version of images: the UNet's reconstruction where it works at their size; where it works at a smaller
 * one, the image plus what the reconstruction changes of the smaller image.
 */
export function createRepairer(unet: UNet, config: Config): Repairer {
  const reconstruct = createReconstructor(unet);
  const factor = config.data.imageSize / reconstructedSize(config);

  /** Runs `use` with the image at the UNet's size and its reconstruction. */
  async function withSmall<T>(
    x: tf.Tensor4D,
    { target, ...options }: ReconstructOptions,
    use: (reduced: tf.Tensor4D, reconstruction: tf.Tensor4D) => T,
  ): Promise<T> {
    const reduced = reduce(x, factor);
    const made: tf.Tensor[] = [reduced];
    try {
      const reducedTarget = target === x ? reduced : reduce(target, factor);
      made.push(reducedTarget);
      const reconstruction = await reconstruct(reduced, { target: reducedTarget, ...options });
      made.push(reconstruction);
      return use(reduced, reconstruction);
    } finally {
      tf.dispose(made);
    }
  }

  const run = (x: tf.Tensor4D, { change = 0, ...options }: RepairerOptions) =>
    factor === 1
      ? reconstruct(x, options)
      : withSmall(x, options, (reduced, reconstruction) =>
          tf.tidy(
            () =>
              tf.clipByValue(repair(x, { reduced, reconstruction, threshold: change }), -1, 1) as tf.Tensor4D,
          ),
        );
  return Object.assign(run, {
    changes: (x: tf.Tensor4D, options: ReconstructOptions) =>
      withSmall(x, options, (reduced, reconstruction) =>
        tf.tidy(() => tf.abs(tf.sub(reconstruction, reduced)) as tf.Tensor4D),
      ),
    dispose: () => reconstruct.dispose(),
  });
}

/**
 * What {@link createRepairer} gives of `x` with itself as the target, as one graph: ops alone.
 *
 * @param x [n, h, w, c] in [-1, 1], at `data.imageSize`
 * @param options.noise [draws, n, h, w, c] at the UNet's size, see `reconstructionGraph`
 */
export function repairGraph(
  unet: UNet,
  x: tf.Tensor4D,
  { noise, change, config }: { noise: tf.Tensor5D; change: number; config: Config },
): tf.Tensor4D {
  const settings = { ...reconstructionSettings(config), noise };
  const factor = config.data.imageSize / reconstructedSize(config);
  if (factor === 1) return reconstructionGraph(unet, x, settings);
  const reduced = reduce(x, factor);
  const reconstruction = reconstructionGraph(unet, reduced, settings);
  return tf.clipByValue(repair(x, { reduced, reconstruction, threshold: change }), -1, 1) as tf.Tensor4D;
}
