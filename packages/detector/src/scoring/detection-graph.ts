import { noiseDraws } from '@ddad/diffusion';
import { imageScore } from '@ddad/scoring';
import * as tf from '@tensorflow/tfjs';
import type { Manifest } from '../manifest.js';
import type { Networks } from '../networks/networks.js';
import { reconstructedSize } from '../networks/unet.js';
import { combine, normalizationOf } from './combine.js';
import { measure } from './measure.js';
import { reconstructionSettings } from './reconstruction-settings.js';
import { repairGraph } from './repair.js';
import { fromBytes } from './to-tensor.js';

/** A detector as a function of tensors, for export: ops alone. */
export interface DetectionGraph {
  /**
   * @param image [n, h, w, c] at `data.imageSize`, bytes as int32
   * @param options.noise standard normal, of the shape of `noise(n)`; not given where that is undefined
   * @param options.mask [1, h, w, 1], 1 where images are judged and 0 elsewhere. @default everywhere
   */
  detect(
    image: tf.Tensor4D,
    options: { noise?: tf.Tensor5D; mask?: tf.Tensor4D },
  ): { score: tf.Tensor1D; map: tf.Tensor3D };
  /** Shape [draws, n, h, w, c] of the noise of n images; undefined while the detector works by its memory alone. */
  noise(n: number): number[] | undefined;
}

/** What `Detector` computes of an image, between its bytes and its score, as one graph. */
export function detectionGraph(
  { config, calibration }: Pick<Manifest, 'config' | 'calibration'>,
  { unet, backbone, memory }: Networks,
): DetectionGraph {
  const change = calibration?.change ?? 0;
  const normalization = normalizationOf(config, calibration);
  const side = reconstructedSize(config);
  return {
    detect(bytes, { noise, mask }) {
      const image = fromBytes(bytes) as tf.Tensor4D;
      const reconstruction = unet && repairGraph(unet, image, { noise: noise!, change, config });
      const judged = <T extends tf.Tensor4D>(map: T) => (mask ? (tf.mul(map, mask) as T) : map);
      const measured = Object.entries(measure({ image, reconstruction, backbone, memory }, config));
      const distances = Object.fromEntries(measured.map(([name, distance]) => [name, judged(distance)]));
      const map = judged(combine(distances, normalization, config));
      return {
        score: imageScore(map, { crop: config.scoring.crop ?? undefined }),
        map: tf.squeeze(map, [3]) as tf.Tensor3D,
      };
    },
    noise: (n) => unet && [noiseDraws(reconstructionSettings(config)), n, side, side, config.data.channels],
  };
}
