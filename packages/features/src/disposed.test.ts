import { startEngine } from '@ddad/nn';
import { expectNoLeak, testEngine } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { efficientNetLite0 } from './efficientnet-lite0.js';
import { resnet18 } from './resnet18.js';

beforeAll(async () => {
  await startEngine({ engine: testEngine });
});

test.each([
  ['resnet18', () => resnet18({ layers: ['layer1'] })],
  ['efficientnet_lite0', () => efficientNetLite0({ layers: ['_blocks.0'] })],
])('after dispose %s says so, whatever is asked of it', async (name, make) => {
  await expectNoLeak(async () => {
    const backbone = make();
    const state = await backbone.stateDict();
    const x = tf.zeros([1, 32, 32, 3]) as tf.Tensor4D;
    backbone.dispose();
    backbone.dispose();
    const disposed = (what: string) => `${name}.${what}: this network was disposed; make or load it again`;
    expect(() => backbone.features(x)).toThrow(disposed('features'));
    expect(() => backbone.clone()).toThrow(disposed('clone'));
    expect(() => backbone.loadStateDict(state)).toThrow(disposed('loadStateDict'));
    await expect(backbone.stateDict()).rejects.toThrow(disposed('stateDict'));
    x.dispose();
  });
});
