import type { Backbone } from '@ddad/features';
import { compile } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';
import { throwIfInterrupted } from '../as-user-error.js';
import { chunks } from '../chunks.js';
import type { Config } from '../config.js';
import { scoredLayers } from '../networks/backbone.js';
import { toTensor } from '../scoring/to-tensor.js';
import type { TaskOptions } from '../task-options.js';

/** Images that go through the extractor at once. */
const together = 4;

/** What a memory is made from. */
export interface FeaturesOfImages {
  /** Which of the extractor's layers they are, as indices. */
  layers: number[];
  /** How many channels they have together. */
  channels: number;
  /** Batches for `featureMemory` and `addToMemory` of @ddad/scoring: [n, h, w, c] of each layer. */
  features: AsyncGenerator<tf.Tensor4D[], undefined>;
}

/**
 * Features of images for a memory: those of the extractor's layers that count. Every batch is disposed after its turn,
 * what was compiled with the last one.
 *
 * @param images resized, interleaved bytes
 * @param options.count how many they are, for the progress @default of an array its length
 * @returns the features throw an {@link InterruptedError} after `signal` was fired
 */
export function featuresOfImages(
  images: readonly Uint8Array[] | AsyncIterable<Uint8Array>,
  {
    config,
    backbone,
    count = 'length' in images ? images.length : undefined,
    ...task
  }: TaskOptions & { config: Config; backbone: Backbone; count?: number },
): FeaturesOfImages {
  const { imageSize, channels } = config.data;
  const sizes = tf.tidy(() =>
    backbone.features(tf.zeros([1, imageSize, imageSize, channels])).map(({ shape }) => shape[3]),
  );
  const layers = scoredLayers(config, sizes.length);
  return { layers, channels: layers.reduce((sum, layer) => sum + sizes[layer], 0), features: features() };

  async function* features(): AsyncGenerator<tf.Tensor4D[], undefined> {
    const extract = compile(
      (x: tf.Tensor4D) => {
        const all = backbone.features(x);
        return layers.map((layer) => all[layer]);
      },
      { freeze: backbone.variables ?? backbone.parameters },
    );
    try {
      let done = 0;
      for await (const some of chunks(images, together)) {
        throwIfInterrupted(task.signal, 'remembering good images');
        const x = toTensor(some, imageSize, channels);
        const batch = (await extract(x)) as tf.Tensor4D[];
        try {
          yield batch;
        } finally {
          tf.dispose([x, batch]);
        }
        done += some.length;
        task.onProgress?.({ phase: 'memorize', done, total: count ?? done });
      }
    } finally {
      extract.dispose();
    }
    return undefined;
  }
}
