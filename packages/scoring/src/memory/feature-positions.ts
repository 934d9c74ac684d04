import type * as tf from '@tensorflow/tfjs';
import { patchFeatures } from './patch-features.js';
import { PositionSample, type Positions } from './sample-positions.js';

/**
 * Batches of features: one `[n, h, w, c]` per layer of a backbone. The tensors stay the giver's; a generator can dispose
 * those of a batch after its `yield`, in a `finally`.
 */
export type FeatureSource = Iterable<tf.Tensor4D[]> | AsyncIterable<tf.Tensor4D[]>;

/**
 * Whether a position is remembered.
 *
 * @param image its number in the memory
 * @param position row-major in `grid`, the height and width of the features
 */
export type IncludePosition = (image: number, position: number, grid: readonly [number, number]) => boolean;

/** A sample of the positions of a stream of images, and what they have in common. */
export interface SampledPositions extends Positions {
  /** Number of the image after the last. */
  imageCount: number;
  grid: [number, number];
  channels: number;
}

/**
 * Joins the layers and samples positions, image by image: no more than a batch and the sample is held.
 *
 * @param options.from number of the first image
 * @param options.include @default all
 */
export async function samplePositions(
  features: FeatureSource,
  {
    who,
    layers,
    limit,
    seed,
    from = 0,
    include,
  }: {
    who: string;
    layers: readonly number[];
    limit: number;
    seed: number;
    from?: number;
    include?: IncludePosition;
  },
): Promise<SampledPositions> {
  let sample: PositionSample | undefined;
  let shape: number[] = [];
  let image = from;
  for await (const batch of features) {
    const patches = patchFeatures(batch, layers);
    const [n, ...each] = patches.shape;
    const values = (await patches.data().finally(() => patches.dispose())) as Float32Array;
    const [h, w, channels] = each;
    if (!sample) {
      sample = new PositionSample({ limit, seed, channels });
      shape = each;
    } else if (each.join() !== shape.join()) {
      throw new Error(`${who}: image ${image} has features [${each}], those before it [${shape}]`);
    }
    for (let i = 0; i < n; i++, image++) {
      const start = i * h * w * channels;
      const own = values.subarray(start, start + h * w * channels);
      if (!own.every(Number.isFinite))
        throw new Error(`${who}: image ${image} has a feature that is not finite`);
      for (let position = 0; position < h * w; position++) {
        if (include && !include(image, position, [h, w])) continue;
        sample.offer(image, position, own, position * channels);
      }
    }
  }
  if (!sample) throw new Error(`${who}: needs the features of at least one image, got none`);
  const [h, w, channels] = shape;
  const taken = sample.take();
  if (taken.images.length === 0) throw new Error(`${who}: include leaves no position of any image`);
  return { ...taken, imageCount: image, grid: [h, w], channels };
}
