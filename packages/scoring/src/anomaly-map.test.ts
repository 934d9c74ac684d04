import { expectNoLeak, goldens, relativeError } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { type AnomalyMapOptions, anomalyMap } from './anomaly-map.js';
import { gaussianBlur } from './gaussian-blur.js';
import { imageScore } from './image-score.js';

/** Inputs, and scipy's gaussian_filter (mode "mirror", truncate 4) of them (tools/fixtures/scoring-peer.py). */
const peer = goldens('scoring');
const values = (name: string) => peer.get(name)!.data as Float32Array;
const shape: [number, number, number, number] = [2, 24, 20, 1];
const map = (name: string) => tf.tensor4d(values(name), shape);
const clean = (test: () => void) => () => expectNoLeak(() => tf.tidy(test));
const distances = () => ({ pixel: map('pixel'), feature: map('feature') });

describe('gaussianBlur', () => {
  it(
    'is what scipy computes, borders included',
    clean(() => {
      const blurred = gaussianBlur(map('feature'), 4);
      expect(blurred.shape).toEqual(shape);
      expect(relativeError(blurred.dataSync(), values('feature_blurred'))).toBeLessThan(1e-5);
    }),
  );

  it(
    'keeps constant maps, and maps as they are with sigma 0',
    clean(() => {
      const flat = gaussianBlur(tf.fill([1, 17, 40, 1], 0.7), 4).dataSync();
      expect(relativeError(flat, new Float32Array(17 * 40).fill(0.7))).toBeLessThan(1e-5);
      expect(gaussianBlur(map('pixel'), 0).dataSync()).toEqual(values('pixel'));
    }),
  );

  it(
    'refuses maps smaller than its reach',
    clean(() => {
      expect(() => gaussianBlur(tf.zeros([1, 40, 16, 1]), 4)).toThrow(
        'gaussianBlur: sigma 4 reaches 16 pixels and needs maps of at least 17x17, got 40x16; use a smaller sigma',
      );
      expect(() => gaussianBlur(tf.zeros([1, 40, 40, 3]), 4)).toThrow('needs maps [n, h, w, 1]');
      expect(() => gaussianBlur(tf.zeros([1, 40, 40, 1]), -1)).toThrow('sigma must be a finite number >= 0');
    }),
  );
});

describe('anomalyMap', () => {
  it(
    'combines and blurs as torch and scipy do',
    clean(() => {
      const batch = anomalyMap({ ...distances(), v: 7, normalization: 'batch' });
      expect(relativeError(batch.dataSync(), values('map_batch_v7'))).toBeLessThan(1e-5);
      const fixed = anomalyMap({ ...distances(), v: 2, normalization: { ratio: 0.8 }, sigma: 1.3 });
      expect(relativeError(fixed.dataSync(), values('map_ratio_sigma1.3'))).toBeLessThan(1e-5);
    }),
  );

  it(
    'gives an image the same map and score whatever stands beside it, given a ratio',
    clean(() => {
      const options: Omit<AnomalyMapOptions, 'pixel' | 'feature'> = { v: 7, normalization: { ratio: 0.9 } };
      const { pixel, feature } = distances();
      const together = anomalyMap({ pixel, feature, ...options });
      const scores = imageScore(together).dataSync();
      for (const i of [0, 1]) {
        const one = (t: tf.Tensor4D) => t.slice([i, 0, 0, 0], [1, 24, 20, 1]);
        const alone = anomalyMap({ pixel: one(pixel), feature: one(feature), ...options });
        expect(relativeError(alone.dataSync(), one(together).dataSync())).toBeLessThan(1e-6);
        expect(imageScore(alone).dataSync()[0]).toBeCloseTo(scores[i], 6);
      }
      const batch = (p: tf.Tensor4D, f: tf.Tensor4D) =>
        imageScore(anomalyMap({ pixel: p, feature: f, v: 7, normalization: 'batch' })).dataSync()[0];
      const first = (t: tf.Tensor4D) => t.slice([0, 0, 0, 0], [1, 24, 20, 1]);
      expect(batch(pixel, feature)).not.toBeCloseTo(batch(first(pixel), first(feature)), 3);
    }),
  );

  it(
    'drops the pixel term where it is 0',
    clean(() => {
      const pixel = tf.zeros(shape) as tf.Tensor4D;
      const blurred = anomalyMap({ pixel, feature: map('feature'), v: 7, normalization: 'batch' });
      expect(relativeError(blurred.dataSync(), values('feature_blurred'))).toBeLessThan(1e-5);
    }),
  );

  it(
    'refuses factors and shapes that make no sense',
    clean(() => {
      const make = (options: Partial<AnomalyMapOptions>) => () =>
        anomalyMap({ ...distances(), v: 1, normalization: 'batch', ...options });
      expect(make({ v: -1 })).toThrow('anomalyMap: v must be a finite number >= 0, got -1');
      expect(make({ normalization: { ratio: Number.NaN } })).toThrow('normalization.ratio must be a finite');
      expect(make({ normalization: 'x' as 'batch' })).toThrow('normalization.ratio must be');
      expect(make({ pixel: tf.zeros([1, 24, 20, 1]) })).toThrow(
        'anomalyMap: pixel is [1,24,20,1], but feature is [2,24,20,1]; they must be alike',
      );
    }),
  );
});
