import { conv2d, groupNorm, linear, type Scope, silu } from '@ddad/nn';
import * as tf from '@tensorflow/tfjs';

export interface ResBlockOptions {
  inChannels: number;
  outChannels: number;
  /** Width of the time embedding. */
  embedding: number;
  resample?: 'up' | 'down';
}

/** Applies dropout; called once per ResBlock in forward order. */
export type Dropout = (x: tf.Tensor4D) => tf.Tensor4D;

/** BigGAN residual block with time embedding, as in guided-diffusion (Dhariwal & Nichol 2021). */
export function resBlock(scope: Scope, { inChannels, outChannels, embedding, resample }: ResBlockOptions) {
  const inLayers = scope.child('in_layers');
  const inNorm = groupNorm(inLayers.child(0), { channels: inChannels });
  const inConv = conv2d(inLayers.child(2), { inChannels, outChannels, kernelSize: 3, padding: 1 });
  const embed = linear(scope.child('embed_layers').child(1), {
    inFeatures: embedding,
    outFeatures: outChannels,
  });
  const outLayers = scope.child('out_layers');
  const outNorm = groupNorm(outLayers.child(0), { channels: outChannels });
  const outConv = conv2d(outLayers.child(3), {
    inChannels: outChannels,
    outChannels,
    kernelSize: 3,
    padding: 1,
    zero: true,
  });
  const skip =
    inChannels === outChannels
      ? undefined
      : conv2d(scope.child('skip_connection'), { inChannels, outChannels, kernelSize: 1 });
  const resize = resample === 'up' ? upsample : resample === 'down' ? downsample : undefined;

  return (x: tf.Tensor4D, activatedEmbedding: tf.Tensor2D, dropout: Dropout): tf.Tensor4D => {
    let h = silu(inNorm(x));
    let shortcut = x;
    if (resize) {
      h = resize(h);
      shortcut = resize(x);
    }
    h = tf.add(inConv(h), tf.reshape(embed(activatedEmbedding), [x.shape[0], 1, 1, outChannels]));
    h = outConv(dropout(silu(outNorm(h))));
    return tf.add(skip ? skip(shortcut) : shortcut, h);
  };
}

/** Nearest x 2. Its gradient is spelt out: tfjs's ResizeNearestNeighborGrad is wrong on `cpu` for batches > 1. */
const upsample = tf.customGrad((x: tf.Tensor | tf.GradSaveFunc) => {
  const [, h, w] = (x as tf.Tensor4D).shape;
  return {
    value: tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [2 * h, 2 * w]),
    gradFunc: (dy) => tf.mul(tf.avgPool(dy as tf.Tensor4D, 2, 2, 'valid'), 4),
  };
}) as (x: tf.Tensor4D) => tf.Tensor4D;

function downsample(x: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(x, 2, 2, 'valid');
}
