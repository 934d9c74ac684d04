import * as tf from '@tensorflow/tfjs';
import { it } from 'vitest';
import { expectGradientsOfDifferences, expectSame, gradsOf, useOrt } from '../../testing/against-cpu.js';

useOrt();

const normalize = (x: tf.Tensor) => tf.localResponseNormalization(x as tf.Tensor4D, 2, 1.3, 0.7, 0.6);

it('local response normalization', () => expectSame(normalize, [[2, 3, 4, 7]], { scale: 3 }));
it('its gradient', () => expectSame(gradsOf(normalize), [[2, 3, 4, 7]], { scale: 3 }));
it('its gradient by differences', () => expectGradientsOfDifferences(normalize, [[1, 2, 2, 4]]));
