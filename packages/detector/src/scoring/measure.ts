import { featureDistance, type LoadedMemory, memoryDistance, pixelDistance } from '@ddad/scoring';
import type * as tf from '@tensorflow/tfjs';
import type { Config } from '../config.js';
import { scoredLayers } from '../networks/backbone.js';
import type { Networks } from '../networks/networks.js';
import type { DistanceName } from './distances.js';

export interface MeasureInputs {
  /** [n, h, w, c] in [-1, 1], at `data.imageSize`. */
  image: tf.Tensor4D;
  /** The same shape; absent while the detector works by its memory alone. */
  reconstruction?: tf.Tensor4D;
  backbone: Networks['backbone'];
  memory?: LoadedMemory;
}

/** The distances [n, h, w, 1] of images; ops alone, so that it can be compiled. */
export function measure(
  { image, reconstruction, backbone, memory }: MeasureInputs,
  config: Config,
): { [name in DistanceName]?: tf.Tensor4D } {
  const { imageSize } = config.data;
  const size: [number, number] = [imageSize, imageSize];
  const features = backbone.features(image);
  const distances: { [name in DistanceName]?: tf.Tensor4D } = {};
  if (reconstruction) {
    distances.pixel = pixelDistance(reconstruction, image);
    distances.feature = featureDistance(backbone.features(reconstruction), features, {
      size,
      layers: scoredLayers(config, features.length),
    });
  }
  if (memory) distances.memory = memoryDistance(memory, features, { size });
  return distances;
}
