import { detectionGraph, maskSource, type Networks, UserError } from '@ddad/detector';
import * as tf from '@tensorflow/tfjs';
import type { Manifest } from '../checkpoint/manifest-file.js';
import { asOnnx } from './as-onnx.js';

/**
 * `detector.onnx`: image [n, h, w, c], bytes, and noise [draws, n, h, w, c] where there is a UNet -> score [n],
 * map [n, h, w].
 *
 * @param n images per run
 * @throws {UserError} scores that depend on what else is in the run
 */
export async function detectorModel(manifest: Manifest, networks: Networks, n: number): Promise<Uint8Array> {
  const { data, scoring } = manifest.config;
  if (data.tiles !== null) {
    throw new UserError(
      'the detector sees pictures in tiles (data.tiles), whose number depends on the picture: an ONNX model of it cannot',
      {
        code: 'detector',
        remedy:
          'a bundle without option withOnnx has all of it, the formats torch and safetensors have its networks',
      },
    );
  }
  if (n > 1 && scoring.normalization === 'batch') {
    throw new UserError(`option batchSize: needs 1 with scoring.normalization batch, got ${n}`, {
      code: 'option',
    });
  }
  const { detect, noise } = detectionGraph(manifest, networks);
  const drawn = noise(n);
  const mask = maskOf(manifest);
  try {
    return await asOnnx(
      (image, ...[given]) => {
        const options = { noise: given as tf.Tensor5D | undefined, mask };
        const { score, map } = detect(image as tf.Tensor4D, options);
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
          ...(data.window && { window: data.window.join(' ') }),
          ...(manifest.threshold && { threshold: `${manifest.threshold.value}` }),
        },
      },
    );
  } finally {
    mask?.dispose();
  }
}

/** The region of interest, which is part of the model; undefined where all of an image is judged. */
function maskOf(manifest: Manifest): tf.Tensor4D | undefined {
  const { imageSize: side, fit } = manifest.config.data;
  if (manifest.regionOfInterest && fit !== 'stretch') {
    throw new UserError(
      `the detector has a region of interest, which with data.fit ${fit} lies elsewhere in pictures of other shapes: an ` +
        'ONNX model of it cannot say where',
      { code: 'detector', remedy: 'remove the region, or train with data.fit stretch' },
    );
  }
  const mask = maskSource(manifest)({ width: side, height: side });
  return mask && tf.tensor4d(Float32Array.from(mask), [1, side, side, 1]);
}
