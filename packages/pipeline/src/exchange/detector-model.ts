import { detectionGraph, type Networks, UserError } from '@ddad/detector';
import type * as tf from '@tensorflow/tfjs';
import type { Manifest } from '../checkpoint/manifest-file.js';
import { asOnnx } from './as-onnx.js';

/**
 * `detector.onnx`: image [n, h, w, c], bytes, and noise [draws, n, h, w, c] where there is a UNet -> score [n],
 * map [n, h, w].
 *
 * @param n images per run
 * @throws {UserError} scores that depend on what else is in the run
 */
export function detectorModel(manifest: Manifest, networks: Networks, n: number): Promise<Uint8Array> {
  const { data, scoring } = manifest.config;
  if (n > 1 && scoring.normalization === 'batch') {
    throw new UserError(`option batchSize: needs 1 with scoring.normalization batch, got ${n}`, {
      code: 'option',
    });
  }
  const { detect, noise } = detectionGraph(manifest, networks);
  const drawn = noise(n);
  return asOnnx(
    (image, ...[given]) => {
      const { score, map } = detect(image as tf.Tensor4D, given as tf.Tensor5D | undefined);
      return [score, map];
    },
    {
      inputs: [
        { name: 'image', shape: [n, data.imageSize, data.imageSize, data.channels], dtype: 'uint8' },
        ...(drawn ? [{ name: 'noise', shape: drawn }] : []),
      ],
      outputs: ['score', 'map'],
      metadata: {
        layout: 'NHWC',
        fit: data.fit,
        ...(manifest.threshold && { threshold: `${manifest.threshold.value}` }),
      },
    },
  );
}
