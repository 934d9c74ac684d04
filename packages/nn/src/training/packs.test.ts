import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { inPacks, packed, unpacked } from './packs.js';

beforeAll(async () => void (await tf.setBackend('cpu')));

const itself = (size: number) => size;

it.each([
  { what: 'large ones alone', rows: [3, 9, 2, 8, 4], large: 8, most: 100, packs: [[9], [8], [3, 2, 4]] },
  { what: 'none alone', rows: [3, 9, 2], large: Number.POSITIVE_INFINITY, most: 100, packs: [[3, 9, 2]] },
  {
    what: 'as much as there is room for',
    rows: [3, 4, 3, 5, 5, 1],
    large: 100,
    most: 10,
    packs: [[3, 4, 3], [5, 5], [1]],
  },
  {
    what: 'one that is larger than a pack',
    rows: [3, 20, 4, 5],
    large: 100,
    most: 10,
    packs: [[3], [20], [4, 5]],
  },
  { what: 'nothing', rows: [], large: 8, most: 10, packs: [] },
])('packs: $what', ({ rows, packs, ...limits }) => {
  expect(inPacks(rows, itself, limits)).toEqual(packs);
});

it('unpacks what it packed', async () => {
  await expectNoLeak(async () => {
    const tensors = tf.tidy(() => [
      tf.range(0, 6).reshape([2, 3]),
      tf.range(6, 7),
      tf.range(7, 15).reshape([2, 1, 4]),
    ]);
    const back = tf.tidy(() => unpacked(packed(tensors), tensors));
    for (const [i, tensor] of tensors.entries()) {
      expect(back[i].shape).toEqual(tensor.shape);
      expect(await back[i].data()).toEqual(await tensor.data());
    }
    tf.dispose(back);
    const [only] = tf.tidy(() => unpacked(packed([tensors[2]]), [tensors[2]]));
    expect(await only.array()).toEqual(await tensors[2].array());
    tf.dispose([only, ...tensors]);
  });
});
