import { expectNoLeak, relativeError, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { patchFeatures } from './patch-features.js';

/** torch.nn.functional.avg_pool2d(x, 3, 1, 1) of one channel. */
function pooled(x: (i: number, j: number) => number, h: number, w: number) {
  return (i: number, j: number) => {
    let sum = 0;
    for (let a = i - 1; a <= i + 1; a++)
      for (let b = j - 1; b <= j + 1; b++) if (a >= 0 && a < h && b >= 0 && b < w) sum += x(a, b);
    return sum / 9;
  };
}

/** interpolate(mode='bilinear', align_corners=False) of one channel, at one place. */
function resized(x: (i: number, j: number) => number, from: [number, number], to: [number, number]) {
  const axis = (i: number, size: number, target: number): [number, number, number] => {
    const at = Math.max(0, ((i + 0.5) * size) / target - 0.5);
    const low = Math.min(size - 1, Math.floor(at));
    return [low, Math.min(size - 1, low + 1), at - low];
  };
  return (i: number, j: number) => {
    const [a, b, u] = axis(i, from[0], to[0]);
    const [c, d, v] = axis(j, from[1], to[1]);
    return (1 - u) * ((1 - v) * x(a, c) + v * x(a, d)) + u * ((1 - v) * x(b, c) + v * x(b, d));
  };
}

it('pools with the zeros around, and brings coarser layers to the finest', () =>
  expectNoLeak(() =>
    tf.tidy(() => {
      const shapes: [number, number, number, number][] = [
        [2, 8, 8, 2],
        [2, 3, 4, 3],
        [2, 6, 8, 1],
      ];
      const values = shapes.map((shape, k) => uniform(`layer${k}`, shape));
      const features = values.map((data, k) => tf.tensor4d(data, shapes[k]));
      const patches = patchFeatures(features, [1, 2]);
      expect(patches.shape).toEqual([2, 6, 8, 4]);
      const expected: number[] = [];
      for (let n = 0; n < 2; n++)
        for (let i = 0; i < 6; i++)
          for (let j = 0; j < 8; j++)
            for (const [layer, c] of [
              [1, 0],
              [1, 1],
              [1, 2],
              [2, 0],
            ]) {
              const [, h, w, channels] = shapes[layer];
              const x = (a: number, b: number) => values[layer][((n * h + a) * w + b) * channels + c];
              expected.push(resized(pooled(x, h, w), [h, w], [6, 8])(i, j));
            }
      expect(relativeError(patches.dataSync(), expected)).toBeLessThan(1e-6);
    }),
  ));

it('says which layer is missing or does not fit', () =>
  expectNoLeak(() =>
    tf.tidy(() => {
      const features = [tf.zeros([1, 2, 2, 1]), tf.zeros([2, 2, 2, 1])] as tf.Tensor4D[];
      expect(() => patchFeatures(features, [])).toThrow('patchFeatures: needs at least one layer');
      expect(() => patchFeatures(features, [0, 2])).toThrow('needs layer 2, got features of 2 layers');
      expect(() => patchFeatures(features, [0, 1])).toThrow(
        'features[1] must have shape [1, h, w, c], got [2,2,2,1]',
      );
    }),
  ));
