import { reconstruct } from '@ddad/diffusion';
import { compile, type NamedEngine } from '@ddad/nn';
import { anomalyMap, featureDistance, imageScore, pixelDistance } from '@ddad/scoring';
import * as tf from '@tensorflow/tfjs';
import { interruptible } from '../as-user-error.js';
import type { Config } from '../config.js';
import type { Networks } from '../networks/networks.js';
import type { Progress, TaskOptions } from '../task-options.js';
import { reconstructionSettings } from './reconstruction-settings.js';
import { toBytes, toTensor } from './to-tensor.js';

/** How far an image lies from its reconstruction, `imageSize * imageSize` values each. */
export interface Distances {
  /** D_p, mean absolute difference. */
  pixel: Float32Array;
  /** D_f, of the features. */
  feature: Float32Array;
  /** Interleaved bytes, as the image's own. */
  reconstruction: Uint8Array;
}

/** An image's anomaly map, `imageSize * imageSize` values, and its score. */
export interface ScoredMap {
  map: Float32Array;
  score: number;
}

export interface DistancesOptions extends Pick<TaskOptions, 'onProgress' | 'signal'> {
  phase: Progress['phase'];
  /** Images per run of the networks, the last run padded. @default such that runs are of one size */
  size?: number;
}

export interface Scorer {
  /** Images that go through the networks at once. */
  readonly batchSize: number;
  /**
   * Reconstructs images (resized, interleaved bytes) and compares them.
   *
   * @throws {InterruptedError} within a denoising step after `signal` was fired
   */
  distances(images: readonly Uint8Array[], options: DistancesOptions): Promise<Distances[]>;
  /**
   * Combines distances. With `batch` the pixel distance is brought to the scale of the feature distance within
   * each `scoring.batchSize` images, as the reference does; with a ratio every image stands alone.
   */
  maps(distances: readonly Distances[], normalization: 'batch' | { ratio: number }): Promise<ScoredMap[]>;
  /** Releases what was compiled, not the networks. */
  dispose(): void;
}

/** Where a batch takes little longer than an image. */
const gpuEngines: readonly NamedEngine[] = ['tensorflow-gpu', 'ort-cuda', 'ort-webgpu', 'webgpu'];

/**
 * Scores images with a trained UNet and an extractor.
 *
 * On a CPU every image goes through the networks alone: a convolution or matrix product of one image adds up in
 * another order than one of several (2e-6 of a score after ten steps), a batch of large images takes as long as
 * its images one by one, and needs more memory. On a GPU, batches of `scoring.batchSize`, the last one padded.
 */
export function createScorer(
  config: Config,
  { networks: { unet, backbone }, engine }: { networks: Networks; engine: NamedEngine },
): Scorer {
  const { imageSize, channels } = config.data;
  const { v } = config.model;
  const { sigma, crop, batchSize } = config.scoring;
  const together = gpuEngines.includes(engine) ? batchSize : 1;
  const settings = reconstructionSettings(config);
  const size: [number, number] = [imageSize, imageSize];

  const compare = compile(
    (reconstruction: tf.Tensor4D, image: tf.Tensor4D) => ({
      pixel: pixelDistance(reconstruction, image),
      feature: featureDistance(backbone.features(reconstruction), backbone.features(image), { size }),
    }),
    { freeze: backbone.variables ?? backbone.parameters },
  );

  async function distancesOf(images: readonly Uint8Array[], signal?: AbortSignal): Promise<Distances[]> {
    const x = toTensor(images, imageSize, channels);
    const made: tf.Tensor[] = [x];
    try {
      const reconstruction = await reconstruct(unet, x, { target: x, ...settings, signal });
      made.push(reconstruction);
      const { pixel, feature } = await compare(reconstruction, x);
      made.push(pixel, feature);
      const [pixels, features, bytes] = await Promise.all([
        pixel.data(),
        feature.data(),
        reconstruction.data(),
      ]);
      const part = (values: ArrayLike<number>, i: number, each: number) =>
        (values as Float32Array).slice(i * each, (i + 1) * each);
      const area = imageSize * imageSize;
      return images.map((_, i) => ({
        pixel: part(pixels, i, area),
        feature: part(features, i, area),
        reconstruction: toBytes(part(bytes, i, area * channels)),
      }));
    } finally {
      tf.dispose(made);
    }
  }

  return {
    batchSize: together,

    async distances(images, { phase, onProgress, signal, size: given }) {
      const out: Distances[] = [];
      // Every batch has the same size, the last one padded, so that one compiled graph serves all.
      const size = given ?? Math.ceil(images.length / Math.ceil(images.length / together));
      while (out.length < images.length) {
        const batch = images.slice(out.length, out.length + size);
        const padding = new Array<Uint8Array>(size - batch.length).fill(batch[0]);
        const distances = await interruptible(() => distancesOf([...batch, ...padding], signal), {
          signal,
          doing: 'scoring images',
        });
        out.push(...distances.slice(0, batch.length));
        onProgress?.({ phase, done: out.length, total: images.length });
      }
      return out;
    },

    async maps(distances, normalization) {
      const out: ScoredMap[] = [];
      const together = normalization === 'batch' ? batchSize : 1;
      for (let at = 0; at < distances.length; at += together) {
        const part = distances.slice(at, at + together);
        const [map, scores] = tf.tidy(() => {
          const stack = (values: Float32Array[]) =>
            tf.stack(values.map((each) => tf.tensor3d(each, [imageSize, imageSize, 1]))) as tf.Tensor4D;
          const map = anomalyMap({
            pixel: stack(part.map(({ pixel }) => pixel)),
            feature: stack(part.map(({ feature }) => feature)),
            v,
            normalization,
            sigma,
          });
          return [map, imageScore(map, { crop: crop ?? undefined })];
        });
        const [maps, values] = await Promise.all([map.data(), scores.data()]);
        tf.dispose([map, scores]);
        const area = imageSize * imageSize;
        part.forEach((_, i) => {
          out.push({ map: (maps as Float32Array).slice(i * area, (i + 1) * area), score: values[i] });
        });
      }
      return out;
    },

    dispose() {
      compare.dispose();
    },
  };
}
