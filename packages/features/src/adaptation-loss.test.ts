import { checkGradients, expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { beforeAll, expect, it } from 'vitest';
import { adaptationLoss } from './adaptation-loss.js';
import { frozenCopy } from './frozen-copy.js';
import { resnet } from './resnet.js';

beforeAll(() => initOrt({ threads: 1 }));

it('has the gradient that differences of its values show, for every parameter', async () => {
  await expectNoLeak(async () => {
    const backbone = resnet({ name: 'resnet', block: 'basic', depths: [1, 1, 1, 1] }, {});
    const frozen = frozenCopy(backbone);
    backbone.train(true);
    const shape: [number, number, number, number] = [2, 32, 32, 3];
    const target = tf.tensor4d(uniform('target', shape), shape);
    const reconstruction = tf.tensor4d(uniform('reconstruction', shape), shape);
    const checks = await checkGradients(
      new Map(backbone.parameters.map((parameter, i) => [`${i} [${parameter.shape}]`, parameter])),
      () => adaptationLoss(backbone, frozen, { reconstruction, target, lambda: 0.3 }),
    );
    expect(checks.size).toBe(27);
    for (const [name, { along, across }] of checks) {
      expect(along, name).toBeLessThan(0.03);
      expect(across, name).toBeLessThan(0.1);
    }
    tf.dispose([target, reconstruction]);
    frozen.dispose();
    backbone.dispose();
  });
});
