import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectSame, gradsOf, useOrt } from '../../testing/against-cpu.js';

useOrt();

const int = (values: number[], shape?: number[]) => tf.tensor(values, shape as [number], 'int32');

describe('scatter', () => {
  it('adds up what falls on one place', () =>
    expectSame(
      (x) => [
        tf.scatterND(int([0, 2, 0, 4], [4, 1]), x, [5, 3]),
        tf.scatterND(int([0, 1, 2, 2, 0, 1, 1, 0], [4, 2]), tf.slice(x, [0, 0], [4, 1]).reshape([4]), [3, 3]),
        tf.scatterND(int([3, 3], [2, 1]), int([5, 6]), [4]),
      ],
      [[4, 3]],
    ));
  it('updates', () =>
    expectSame(
      (x, y) => tf.tensorScatterUpdate(x, int([1, 3], [2, 1]), y),
      [
        [5, 3],
        [2, 3],
      ],
    ));
  it('sparse to dense', () =>
    expectSame(
      (x) => [
        tf.sparseToDense(int([0, 3, 4]), x as tf.Tensor1D, [6], 0.5),
        tf.sparseToDense(int([0, 1, 2, 0, 2, 2], [3, 2]), x as tf.Tensor1D, [3, 3]),
        tf.sparseToDense(int([1, 2]), tf.scalar(7), [4]),
      ],
      [[3]],
    ));
  it('segments, the gradient of gather', () =>
    expectSame(
      (x) => [
        tf.unsortedSegmentSum(x, tf.tensor1d([0, 2, 0, 1, 2], 'int32'), 4),
        tf.unsortedSegmentSum(x, tf.tensor1d([0, 9, 0, -1, 2], 'int32'), 3),
      ],
      [[5, 2, 3]],
    ));
  it('gather trains an embedding', () =>
    expectSame(
      gradsOf((table) => tf.gather(table, int([2, 0, 2, 2, 1]))),
      [[4, 3]],
    ));
  it('many duplicates on several threads', () =>
    expectNoLeak(async () => {
      await tf.setBackend('ort');
      const counts = tf.tidy(() =>
        tf.unsortedSegmentSum(
          tf.ones([40_000, 4]),
          tf.range(0, 40_000, 1, 'int32').mod(tf.scalar(7, 'int32')).toInt().as1D(),
          7,
        ),
      );
      const expected = [5715, 5715, 5714, 5714, 5714, 5714, 5714].flatMap((n) => [n, n, n, n]);
      expect(Array.from(await counts.data())).toEqual(expected);
      counts.dispose();
    }));
  it('refuses indices outside the shape', async () => {
    await tf.setBackend('ort');
    tf.tidy(() => {
      expect(() => tf.scatterND(int([5], [1, 1]), int([1]), [4])).toThrow(/ScatterNd.*5 is not in \[0, 3\]/);
      expect(() => tf.gather(tf.zeros([3]), int([-1]))).toThrow(/GatherV2.*-1 is not in \[0, 2\]/);
    });
  });
});

it('bincount', () =>
  expectSame(
    (weights) => [
      tf.bincount(tf.tensor1d([1, 1, 2, 9], 'int32'), weights as tf.Tensor1D, 4),
      tf.bincount(tf.tensor1d([1, 1, 2], 'int32'), tf.tensor1d([]), 5),
      tf.denseBincount(tf.tensor2d([1, 1, 0, 2], [2, 2], 'int32'), tf.tensor2d([], [0, 0]), 3),
      tf.denseBincount(tf.tensor2d([1, 1, 0, 2], [2, 2], 'int32'), tf.tensor2d([], [0, 0]), 3, true),
      tf.denseBincount(tf.tensor2d([1, 1, 0, 2], [2, 2], 'int32'), weights.reshape([2, 2]) as tf.Tensor2D, 3),
    ],
    [[4]],
  ));
