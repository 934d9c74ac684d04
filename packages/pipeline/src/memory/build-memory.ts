import { scoredLayers, type TaskOptions, throwIfInterrupted, toTensor } from '@ddad/detector';
import type { Backbone } from '@ddad/features';
import { compile } from '@ddad/nn';
import { type FeatureMemory, featureMemory } from '@ddad/scoring';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/schema.js';

/** Images that go through the extractor at once. */
const together = 4;

/**
 * Remembers the features of good images: those of the extractor's layers that count.
 *
 * @param images resized, interleaved bytes; their numbers in the memory are their places here
 * @throws {InterruptedError} `signal` was fired
 */
export async function buildMemory(
  images: readonly Uint8Array[],
  { config, backbone, onProgress, signal }: TaskOptions & { config: Config; backbone: Backbone },
): Promise<FeatureMemory> {
  const { imageSize, channels } = config.data;
  const { vectors, candidates, components, position } = config.memory;
  const { layers, channels: available } = countingLayers(backbone, config);
  const remembered = (x: tf.Tensor4D) => {
    const all = backbone.features(x);
    return layers.map((layer) => all[layer]);
  };
  const extract = compile(remembered, { freeze: backbone.variables ?? backbone.parameters });
  async function* features() {
    for (let at = 0; at < images.length; at += together) {
      throwIfInterrupted(signal, 'remembering good images');
      const x = toTensor(images.slice(at, at + together), imageSize, channels);
      const batch = (await extract(x)) as tf.Tensor4D[];
      try {
        yield batch;
      } finally {
        tf.dispose([x, batch]);
      }
      onProgress?.({ phase: 'memorize', done: Math.min(at + together, images.length), total: images.length });
    }
  }
  try {
    const memory = await featureMemory({
      features: features(),
      layers: layers.map((_, i) => i),
      coreset: { vectors, candidates: Math.max(vectors, candidates) },
      ...(components !== null && components < available && { components }),
      position,
      seed: config.seed,
    });
    return { ...memory, layers };
  } finally {
    extract.dispose();
  }
}

/** Indices of the layers of an extractor that are remembered, and how many channels they have together. */
function countingLayers(backbone: Backbone, config: Config): { layers: number[]; channels: number } {
  const { imageSize, channels } = config.data;
  const sizes = tf.tidy(() =>
    backbone.features(tf.zeros([1, imageSize, imageSize, channels])).map(({ shape }) => shape[3]),
  );
  const layers = scoredLayers(config, sizes.length);
  return { layers, channels: layers.reduce((sum, layer) => sum + sizes[layer], 0) };
}
