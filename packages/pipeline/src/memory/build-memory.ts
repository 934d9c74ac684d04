import { featuresOfImages, numberedByPicture, rememberedPositions, type TaskOptions } from '@ddad/detector';
import type { Backbone } from '@ddad/features';
import { type FeatureMemory, featureMemory } from '@ddad/scoring';
import type { Config } from '../config/schema.js';
import type { TrainingImages } from '../data/training-images.js';

/**
 * Remembers the features of good images: those of the extractor's layers that count, where the images count.
 *
 * @returns the numbers in the memory are those of the pictures
 * @throws {InterruptedError} `signal` was fired
 */
export async function buildMemory(
  { training, trainingPlaces, trainingMasks }: MemoryImages,
  { config, backbone, onProgress, signal }: TaskOptions & { config: Config; backbone: Backbone },
): Promise<FeatureMemory> {
  const { vectors, candidates, components, position } = config.memory;
  const { layers, channels, features } = featuresOfImages(training, {
    ...{ config, backbone, onProgress, signal },
  });
  const include = trainingMasks && rememberedPositions(trainingMasks, { side: config.data.imageSize });
  const memory = await featureMemory({
    features,
    layers: layers.map((_, i) => i),
    coreset: { vectors, candidates: Math.max(vectors, candidates) },
    ...(components !== null && components < channels && { components }),
    ...(include && { include }),
    position,
    seed: config.seed,
  });
  const pictures = trainingPlaces.map(({ picture }) => picture);
  return { ...numberedByPicture(memory, pictures), layers };
}

/** What a memory is made of. */
export type MemoryImages = Pick<TrainingImages, 'training' | 'trainingPlaces' | 'trainingMasks'>;
