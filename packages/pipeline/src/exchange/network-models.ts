import { buildSchedule, reconstructedSize } from '@ddad/detector';
import { predictNoise, type UNet } from '@ddad/diffusion';
import type { Backbone } from '@ddad/features';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/schema.js';
import { asOnnx } from './as-onnx.js';

const metadata = { layout: 'NHWC', range: '[-1, 1]' };

/** `unet.onnx`: x [n, h, w, c], t [n] -> noise. @param n images per run; null for any number */
export async function unetModel(unet: UNet, config: Config, n: number | null): Promise<Uint8Array> {
  const side = reconstructedSize(config);
  const alphaBars = alphaBarsOf(config);
  try {
    return await asOnnx(noisePrediction(unet, alphaBars) as never, {
      inputs: [
        { name: 'x', shape: [n, side, side, config.data.channels] },
        { name: 't', shape: [n] },
      ],
      outputs: ['noise'],
      metadata,
    });
  } finally {
    alphaBars.dispose();
  }
}

/** `features.onnx`: x [n, h, w, c] -> the layers by name. @param n images per run; null for any number */
export function featuresModel(backbone: Backbone, config: Config, n: number | null): Promise<Uint8Array> {
  const { imageSize, channels } = config.data;
  const features = (x: tf.Tensor) => backbone.features(x as tf.Tensor4D);
  const one = [1, imageSize, imageSize, channels];
  const layers = backbone.layers ?? tf.tidy(() => features(tf.zeros(one)).map((_, i) => `layer${i + 1}`));
  return asOnnx(features, {
    inputs: [{ name: 'x', shape: [n, imageSize, imageSize, channels] }],
    outputs: [...layers],
    metadata,
  });
}

/** alphaBar_t of every time step. */
function alphaBarsOf(config: Config): tf.Tensor1D {
  const schedule = buildSchedule(config);
  return tf.tensor1d(Array.from({ length: schedule.steps }, (_, t) => schedule.alphaBar(t)));
}

/** epsilon_theta(x, t); with a Gaussian model, what noise level a time step is, is part of it. */
function noisePrediction(unet: UNet, alphaBars: tf.Tensor1D): (x: tf.Tensor, t: tf.Tensor) => tf.Tensor {
  if (!unet.gaussian) return (x, t) => unet.forward(x as tf.Tensor4D, t as tf.Tensor1D);
  return (x, t) => {
    const alphaBar = tf.reshape(tf.gather(alphaBars, tf.cast(t, 'int32')), [-1, 1, 1, 1]);
    return predictNoise(unet, x as tf.Tensor4D, {
      t: t as tf.Tensor1D,
      signal: tf.sqrt(alphaBar),
      sigma: tf.sqrt(tf.sub(1, alphaBar)),
    });
  };
}
