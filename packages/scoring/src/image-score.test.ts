import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { centerCrop } from './center-crop.js';
import { imageScore } from './image-score.js';

const clean = (test: () => void) => () => expectNoLeak(() => tf.tidy(test));

/** 8x8 maps whose value is 10 in a corner, 5 at the centre, else 0; the second image is -1 everywhere. */
function maps(): tf.Tensor4D {
  const first = Array.from({ length: 64 }, (_, i) => (i === 0 ? 10 : i === 36 ? 5 : 0));
  return tf.tensor4d([...first, ...Array(64).fill(-1)], [2, 8, 8, 1]);
}

it(
  'imageScore takes the largest value of each image, within the crop',
  clean(() => {
    expect(imageScore(maps()).shape).toEqual([2]);
    expect([...imageScore(maps()).dataSync()]).toEqual([10, -1]);
    expect([...imageScore(maps(), { crop: 0.75 }).dataSync()]).toEqual([5, -1]);
    expect([...imageScore(maps(), { crop: 1 }).dataSync()]).toEqual([10, -1]);
  }),
);

it(
  'imageScore averages the k largest',
  clean(() => {
    expect([...imageScore(maps(), { reduce: { topK: 4 } }).dataSync()]).toEqual([3.75, -1]);
    expect([...imageScore(maps(), { crop: 0.75, reduce: { topK: 2 } }).dataSync()]).toEqual([2.5, -1]);
  }),
);

it(
  'imageScore refuses what it cannot reduce',
  clean(() => {
    expect(() => imageScore(maps(), { crop: 0 })).toThrow('in (0, 1], got 0');
    expect(() => imageScore(maps(), { reduce: { topK: 65 } })).toThrow('from 1 to the 64 pixels, got 65');
    expect(() => imageScore(tf.zeros<tf.Rank>([2, 8, 8]) as tf.Tensor4D)).toThrow(
      'needs maps [n, h, w, 1], got [2,8,8]',
    );
  }),
);

it('centerCrop places the box as torchvision does', () => {
  expect(centerCrop([256, 256], 0.875)).toEqual({ top: 16, left: 16, height: 224, width: 224 });
  // CenterCrop((4, 6)) of 5 x 9: tops round(0.5) = 0 and round(1.5) = 2, half to even
  expect(centerCrop([5, 9], 0.7)).toEqual({ top: 0, left: 2, height: 4, width: 6 });
  expect(centerCrop([3, 100], 0.01)).toEqual({ top: 1, left: 50, height: 1, width: 1 });
});
