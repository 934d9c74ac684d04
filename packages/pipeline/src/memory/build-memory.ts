import { featuresOfImages, type TaskOptions } from '@ddad/detector';
import type { Backbone } from '@ddad/features';
import { type FeatureMemory, featureMemory } from '@ddad/scoring';
import type { Config } from '../config/schema.js';

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
  const { vectors, candidates, components, position } = config.memory;
  const { layers, channels, features } = featuresOfImages(images, { config, backbone, onProgress, signal });
  const memory = await featureMemory({
    features,
    layers: layers.map((_, i) => i),
    coreset: { vectors, candidates: Math.max(vectors, candidates) },
    ...(components !== null && components < channels && { components }),
    position,
    seed: config.seed,
  });
  return { ...memory, layers };
}
