import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { torchUniform } from '../state/initializers.js';
import type { Scope } from '../state/parameters.js';

/** `x W + b` over [n, inFeatures]. Registers `weight` (PyTorch's [out, in]) and `bias`. */
export function linear(
  scope: Scope,
  options: { inFeatures: number; outFeatures: number },
): (x: tf.Tensor2D) => tf.Tensor2D {
  checkOptions('linear', options, { inFeatures: true, outFeatures: true });
  const { inFeatures, outFeatures } = options;
  const init = torchUniform(inFeatures);
  const weight = scope.parameter('weight', [outFeatures, inFeatures], { layout: 'linear', init });
  const bias = scope.parameter('bias', [outFeatures], { init });
  return (x) => tf.add(tf.matMul(x, weight as tf.Variable<tf.Rank.R2>), bias);
}
