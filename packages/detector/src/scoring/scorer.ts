import { compile, deriveSeed, imageNoise, type NamedEngine, seedFrom } from '@ddad/nn';
import { imageScore, targetsWithout } from '@ddad/scoring';
import * as tf from '@tensorflow/tfjs';
import { interruptible } from '../as-user-error.js';
import type { Config } from '../config.js';
import type { Networks } from '../networks/networks.js';
import { reconstructedSize } from '../networks/unet.js';
import type { Progress, TaskOptions } from '../task-options.js';
import { combine, type Normalization } from './combine.js';
import { type DistanceName, type Distances, distanceNames } from './distances.js';
import { masked, masksOf } from './masked.js';
import { measure } from './measure.js';
import { reconstructionSettings } from './reconstruction-settings.js';
import { createRepairer } from './repair.js';
import { toBytes, toTensor } from './to-tensor.js';

/** An image's anomaly map, `imageSize * imageSize` values, and its score. */
export interface ScoredMap {
  map: Float32Array;
  score: number;
}

export interface DistancesOptions extends Pick<TaskOptions, 'onProgress' | 'signal'> {
  phase: Progress['phase'];
  /** Changes that the UNet makes of good images too, of the calibration. @default 0 */
  change?: number;
  /** How images are reconstructed, of `reconstructionSettings`. @default as the configuration says */
  reconstruction?: ReturnType<typeof reconstructionSettings>;
  /**
   * Another draw of the noise than the one that a detector takes, which is the same whatever it was trained with: to see how
   * much of a score is the noise's.
   *
   * @default the detector's
   */
  noiseSeed?: number;
  /** Images per run of the networks, the last run padded. @default such that runs are of one size */
  size?: number;
  /**
   * For images that the memory has seen: the number of each in the memory, what it has of which is left out of the
   * comparison.
   *
   * @default compare with all
   */
  leaveOut?: readonly number[];
  /** Of each image, see {@link Distances.mask}. @default all of every image is judged */
  masks?: readonly (Uint8Array | undefined)[];
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
   * The size of change that the UNet makes of these good images in all but one of twenty values, where it works at a smaller
   * size than theirs; null elsewhere.
   */
  change(
    images: readonly Uint8Array[],
    options: Pick<DistancesOptions, 'signal' | 'reconstruction'>,
  ): Promise<number | null>;
  /**
   * Combines distances. With `batch` the pixel distance is brought to the scale of the feature distance within
   * each `scoring.batchSize` images, as the reference does; with a ratio or terms every image stands alone. What is not
   * judged is 0 in the map, and the blur takes nothing from it.
   */
  maps(distances: readonly Distances[], normalization: Normalization): Promise<ScoredMap[]>;
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
  { networks: { unet, backbone, memory }, engine }: { networks: Networks; engine: NamedEngine },
): Scorer {
  const { imageSize, channels } = config.data;
  const { crop, batchSize } = config.scoring;
  const together = gpuEngines.includes(engine) ? batchSize : 1;
  const itsSettings = reconstructionSettings(config);
  const repair = unet && createRepairer(unet, config);
  const freeze = [...(backbone.variables ?? backbone.parameters), ...(memory?.variables ?? [])];
  const compare = compile(
    (image: tf.Tensor4D, ...[reconstruction]: tf.Tensor4D[]) =>
      measure({ image, reconstruction, backbone, memory }, config) as Record<string, tf.Tensor4D>,
    { freeze },
  );
  const compareLeavingOut = compile(
    (targets: tf.Tensor2D, image: tf.Tensor4D, ...[reconstruction]: tf.Tensor4D[]) =>
      measure(
        { image, reconstruction, backbone, memory: memory && { ...memory, targets } },
        config,
      ) as Record<string, tf.Tensor4D>,
    { freeze },
  );

  async function distancesOf(
    images: readonly Uint8Array[],
    {
      signal,
      leaveOut,
      change,
      settings,
      noiseSeed,
    }: Pick<DistancesOptions, 'signal' | 'change' | 'noiseSeed'> & {
      leaveOut?: number;
      settings: typeof itsSettings;
    },
  ): Promise<Distances[]> {
    const x = toTensor(images, imageSize, channels);
    const made: tf.Tensor[] = [x];
    try {
      const reconstruction = await repair?.(x, {
        target: x,
        ...settings,
        noise: noiseOf(images, noiseSeed),
        signal,
        change,
      });
      if (reconstruction) made.push(reconstruction);
      const inputs = reconstruction ? [reconstruction] : [];
      let distances: Record<string, tf.Tensor4D>;
      if (memory && leaveOut !== undefined) {
        const targets = targetsWithout(memory, leaveOut);
        made.push(targets);
        distances = await compareLeavingOut(targets, x, ...inputs);
      } else {
        distances = await compare(x, ...inputs);
      }
      made.push(...Object.values(distances));
      const out = images.map((): Distances => ({}));
      const area = imageSize * imageSize;
      const part = (values: Float32Array, i: number, each: number) => values.slice(i * each, (i + 1) * each);
      for (const [name, tensor] of Object.entries(distances)) {
        const values = (await tensor.data()) as Float32Array;
        for (const [i, each] of out.entries()) each[name as DistanceName] = part(values, i, area);
      }
      if (reconstruction) {
        const values = (await reconstruction.data()) as Float32Array;
        for (const [i, each] of out.entries()) {
          each.reconstruction = toBytes(part(values, i, area * channels));
        }
      }
      return out;
    } finally {
      tf.dispose(made);
    }
  }

  return {
    batchSize: together,

    async distances(
      images,
      { phase, onProgress, signal, size: given, leaveOut, change, masks, reconstruction, noiseSeed },
    ) {
      const settings = reconstruction ?? itsSettings;
      const out: Distances[] = [];
      // Every batch has the same size, the last one padded, so that one compiled graph serves all.
      const size =
        leaveOut && memory ? 1 : (given ?? Math.ceil(images.length / Math.ceil(images.length / together)));
      while (out.length < images.length) {
        const batch = images.slice(out.length, out.length + size);
        const padding = new Array<Uint8Array>(size - batch.length).fill(batch[0]);
        const distances = await interruptible(
          () =>
            distancesOf([...batch, ...padding], {
              ...{ signal, leaveOut: leaveOut?.[out.length], change, settings, noiseSeed },
            }),
          {
            signal,
            doing: 'scoring images',
          },
        );
        for (const each of distances.slice(0, batch.length)) out.push(masked(each, masks?.[out.length]));
        onProgress?.({ phase, done: out.length, total: images.length });
      }
      return out;
    },

    async change(images, { signal, reconstruction: settings = itsSettings }) {
      if (!repair || reconstructedSize(config) === imageSize) return null;
      const values: Float32Array[] = [];
      for (const image of images) {
        const x = toTensor([image], imageSize, channels);
        const changes = await interruptible(
          () => repair.changes(x, { target: x, ...settings, noise: noiseOf([image]), signal }),
          {
            signal,
            doing: 'scoring images',
          },
        ).finally(() => x.dispose());
        values.push((await changes.data().finally(() => changes.dispose())) as Float32Array);
      }
      return changeOfGood(values);
    },

    async maps(distances, normalization) {
      const out: ScoredMap[] = [];
      const together = normalization === 'batch' ? batchSize : 1;
      for (let at = 0; at < distances.length; at += together) {
        const part = distances.slice(at, at + together);
        const [map, scores] = tf.tidy(() => {
          const stack = (name: DistanceName) =>
            tf.stack(part.map((each) => tf.tensor3d(each[name]!, [imageSize, imageSize, 1]))) as tf.Tensor4D;
          const masks = masksOf(part, imageSize);
          const there = distanceNames.filter((name) => part[0][name]);
          const stacked = Object.fromEntries(there.map((name) => [name, stack(name)]));
          const map = combine(stacked, normalization, config);
          const judged = masks ? (tf.mul(map, masks) as tf.Tensor4D) : map;
          return [judged, imageScore(judged, { crop: crop ?? undefined })];
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
      compareLeavingOut.dispose();
      repair?.dispose();
    },
  };
}

/** Noise of each image's own, whatever comes with it and whatever computes: its seed is a hash of its bytes. */
function noiseOf(images: readonly Uint8Array[], another?: number): (shape: number[]) => tf.Tensor {
  const seeds = images.map(seedFrom);
  return imageNoise(another === undefined ? seeds : seeds.map((seed) => deriveSeed(seed, another)));
}

/** The value that one in twenty is above (docs/decisions/0013). */
function changeOfGood(parts: readonly Float32Array[]): number {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  all.sort();
  return all[Math.floor(0.95 * (all.length - 1))];
}
