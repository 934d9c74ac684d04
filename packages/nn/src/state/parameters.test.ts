import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, test, vi } from 'vitest';
import { zeros } from './initializers.js';
import { Parameters } from './parameters.js';

test('takes the values of another network and draws none', async () => {
  await expectNoLeak(async () => {
    const network = new Parameters({ seed: 1 });
    const init = vi.fn((shape: number[]) => Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => i));
    const weight = network.scope('a').parameter('weight', [2, 3], { layout: 'linear', init });
    expect(init).toHaveBeenCalledOnce();
    const copy = new Parameters({ valuesOf: network });
    const same = copy.scope('a').parameter('weight', [2, 3], { layout: 'linear', init });
    expect(init).toHaveBeenCalledOnce();
    tf.tidy(() => weight.assign(weight.mul(2)));
    expect([...(await same.data())]).toEqual([0, 3, 1, 4, 2, 5]); // [3, 2] of [2, 3]
    expect([...(await weight.data())]).toEqual([0, 6, 2, 8, 4, 10]);
    network.dispose();
    expect([...(await same.data())]).toEqual([0, 3, 1, 4, 2, 5]);
    copy.dispose();
  });
});

test('names what another network has not, or of another shape', async () => {
  const network = new Parameters();
  network.scope().parameter('weight', [2], { init: zeros });
  const copy = new Parameters({ valuesOf: network }).scope();
  expect(() => copy.parameter('bias', [2], { init: zeros })).toThrow(
    'Parameters: needs bias of shape [2] in valuesOf, got none',
  );
  expect(() => copy.parameter('weight', [3], { init: zeros })).toThrow(
    'Parameters: needs weight of shape [3] in valuesOf, got [2]',
  );
  network.dispose();
});
