import { expectNoLeak, goldens, relativeError, toNHWC } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { featureDistance } from './feature-distance.js';
import { pixelDistance } from './pixel-distance.js';

/** Inputs, and what torch made of them (tools/fixtures/scoring-peer.py). */
const peer = goldens('scoring');
const values = (name: string) => peer.get(name)!.data as Float32Array;
function tensor(name: string): tf.Tensor4D {
  const [n, c, h, w] = peer.get(name)!.shape;
  return tf.tensor4d(toNHWC(values(name), [n, c, h, w]), [n, h, w, c]);
}
const layers = (side: 'a' | 'b') => [0, 1, 2].map((i) => tensor(`${side}${i}`));

async function check(make: () => tf.Tensor, expected: string): Promise<void> {
  await expectNoLeak(async () => {
    const result = tf.tidy(make);
    const [n, c, h, w] = peer.get(expected)!.shape;
    expect(result.shape).toEqual([n, h, w, c]);
    expect(relativeError(await result.data(), values(expected))).toBeLessThan(1e-5);
    result.dispose();
  });
}

describe('pixelDistance', () => {
  it('is what torch computes', () => check(() => pixelDistance(tensor('x'), tensor('y')), 'pixel'));

  it('is 0 for a perfect reconstruction and 2 for the opposite', () =>
    expectNoLeak(() => {
      tf.tidy(() => {
        const white = tf.ones([1, 2, 2, 3]) as tf.Tensor4D;
        expect([...pixelDistance(white, white).dataSync()]).toEqual([0, 0, 0, 0]);
        expect([...pixelDistance(white, white.neg()).dataSync()]).toEqual([2, 2, 2, 2]);
      });
    }));

  it('names shapes that differ', () =>
    expectNoLeak(() =>
      tf.tidy(() => {
        const shape = [1, 2, 2, 3] as [number, number, number, number];
        expect(() => pixelDistance(tf.zeros(shape), tf.zeros([1, 2, 2, 1]))).toThrow(
          'pixelDistance: reconstruction is [1,2,2,3], but target is [1,2,2,1]; they must be alike',
        );
        expect(() => pixelDistance(tf.zeros<tf.Rank>([2, 3]) as tf.Tensor4D, tf.zeros(shape))).toThrow(
          'reconstruction must have shape [n, h, w, c], got [2,3]',
        );
      }),
    ));
});

describe('featureDistance', () => {
  const size: [number, number] = [24, 20];

  it('is what torch computes, vanishing features included', async () => {
    await check(() => featureDistance(layers('a'), layers('b'), { size }), 'feature');
    await check(() => featureDistance(layers('a'), layers('b'), { size, layers: [0] }), 'feature_layer0');
  });

  it('adds over layers, and ignores the scale of the features', () =>
    expectNoLeak(() =>
      tf.tidy(() => {
        const [a, b] = [layers('a'), layers('b')];
        const sum = featureDistance(a, b, { size, layers: [1] }).add(
          featureDistance(a, b, { size, layers: [2] }),
        );
        const scaled = a.map((f) => f.mul(50) as tf.Tensor4D);
        const both = featureDistance(scaled, b, { size }).dataSync();
        expect(relativeError(both, sum.dataSync())).toBeLessThan(1e-5);
      }),
    ));

  it('says which layer is missing or does not fit', () =>
    expectNoLeak(() =>
      tf.tidy(() => {
        const [a, b] = [layers('a'), layers('b')];
        expect(() => featureDistance(a.slice(0, 2), b, { size })).toThrow(
          'featureDistance: needs layer 2, got features of 2 layers',
        );
        expect(() => featureDistance(a, [b[0], b[2], b[1]], { size })).toThrow(
          'featureDistance: featuresA[1] is [2,6,5,6], but featuresB[1] is [2,3,3,8]; they must be alike',
        );
        expect(() => featureDistance(a, b, { size, layers: [] })).toThrow('at least one layer');
      }),
    ));
});
