import { expectNoLeak, goldens, relativeError, toNHWC } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { compile, initOrt } from 'tfjs-backend-ort';
import { beforeAll, expect, it } from 'vitest';
import { anomalyMap } from './anomaly-map.js';
import { featureDistance } from './feature-distance.js';
import { imageScore } from './image-score.js';
import { pixelDistance } from './pixel-distance.js';

/** Inputs, and what torch and scipy made of them (tools/fixtures/scoring-peer.py). */
const peer = goldens('scoring');
const values = (name: string) => peer.get(name)!.data as Float32Array;
function tensor(name: string): tf.Tensor4D {
  const [n, c, h, w] = peer.get(name)!.shape;
  return tf.tensor4d(toNHWC(values(name), [n, c, h, w]), [n, h, w, c]);
}

beforeAll(() => initOrt({ threads: 1 }));

it('images and features become map and score in one compiled graph', () =>
  expectNoLeak(async () => {
    const score = compile((x: tf.Tensor4D, y: tf.Tensor4D, ...features: tf.Tensor4D[]) => {
      const pixel = pixelDistance(x, y);
      const feature = featureDistance(features.slice(0, 3), features.slice(3), { size: [24, 20] });
      const map = anomalyMap({ pixel, feature, v: 7, normalization: 'batch' });
      return { map, score: imageScore(map), top: imageScore(map, { crop: 0.8, reduce: { topK: 10 } }) };
    });
    const inputs = ['x', 'y', 'a0', 'a1', 'a2', 'b0', 'b1', 'b2'].map(tensor);
    const [x, y, ...features] = inputs;
    const result = await score(x, y, ...features);
    const expected = values('map_batch_v7');
    expect(relativeError(await result.map.data(), expected)).toBeLessThan(1e-5);
    const half = expected.length / 2;
    const maxima = [Math.max(...expected.slice(0, half)), Math.max(...expected.slice(half))];
    expect(relativeError(await result.score.data(), maxima)).toBeLessThan(1e-5);
    expect((await result.top.data())[0]).toBeLessThan(maxima[0]);
    tf.dispose([inputs, Object.values(result)]);
    score.dispose();
  }));
