import { startEngine } from '@ddad/nn';
import { expectNoLeak, goldens, relativeError, testEngine, toNHWC, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { anomalyMap } from './anomaly-map.js';
import { pixelDistance } from './pixel-distance.js';

/** The reference's own numbers (fixtures/README.md); its features are checked in @ddad/features. */
const tolerance = 1e-3;

type Shape = [number, number, number, number];

async function check(make: () => tf.Tensor, expected: Float32Array): Promise<void> {
  await expectNoLeak(async () => {
    const result = tf.tidy(make);
    expect(relativeError(await result.data(), expected)).toBeLessThan(tolerance);
    result.dispose();
  });
}

describe.each(['cpu', testEngine])('on %s', (engine) => {
  beforeAll(async () => {
    await startEngine({ engine, threads: 1 });
  });

  describe.each(['resnet18', 'wide_resnet50_2'])('goldens of %s', (name) => {
    const golden = goldens(`features_${name}`);
    const values = (key: string) => golden.get(key)!.data as Float32Array;
    const shape: Shape = [2, 64, 64, 1];
    const images: Shape = [2, 3, 64, 64];

    it('pixelDistance', () => {
      const a = uniform(`p.${name}.a`, images);
      const d = uniform(`p.${name}.d`, images);
      const b = a.map((x, i) => Math.max(-1, Math.min(1, Math.fround(x + Math.fround(0.3 * d[i])))));
      const tensor = (data: Float32Array) => tf.tensor4d(toNHWC(data, images), [2, 64, 64, 3]);
      return check(() => pixelDistance(tensor(b), tensor(a)), values('pixel_distance'));
    });

    it.each([1, 7])('anomalyMap, v = %i', (v) =>
      check(
        () => {
          const pixel = tf.tensor4d(values('pixel_distance'), shape);
          const feature = tf.tensor4d(values('feature_distance'), shape);
          return anomalyMap({ pixel, feature, v, normalization: 'batch' });
        },
        values(`anomaly_map_v${v}`),
      ),
    );
  });

  it('goldens of real images', () => {
    const golden = goldens('real_hazelnut');
    const image = (key: string) =>
      tf
        .tensor4d(Float32Array.from(golden.get(key)!.data as Uint8Array), [1, 64, 64, 3])
        .div(127.5)
        .sub(1);
    return check(() => {
      const pixel = pixelDistance(image('a_resized') as tf.Tensor4D, image('b_resized') as tf.Tensor4D);
      const feature = tf.tensor4d(golden.get('feature_distance')!.data as Float32Array, [1, 64, 64, 1]);
      return anomalyMap({ pixel, feature, v: 1, normalization: 'batch' });
    }, golden.get('anomaly_map_v1')!.data as Float32Array);
  });
});
