import { startEngine } from '@ddad/nn';
import { expectNoLeak, goldens, relativeError, testEngine, toNHWC } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { embedded, embeddedArchitecture } from './embedded.js';
import type { Extractor } from './extractor.js';

beforeAll(async () => {
  await startEngine({ engine: testEngine });
});

it("equals PyTorch's forward pass of the shipped weights", async () => {
  await expectNoLeak(async () => {
    const golden = goldens('embedded');
    const nhwc = (name: string) => {
      const { data, shape } = golden.get(name)!;
      return toNHWC(data as Float32Array, shape);
    };
    const backbone = await embedded();
    const x = tf.tensor4d(nhwc('x'), [1, 72, 56, 3]);
    const layers = backbone.features(x);
    expect(layers.map(({ shape }) => shape)).toEqual([
      [1, 18, 14, 40],
      [1, 9, 7, 80],
      [1, 5, 4, 160],
    ]);
    const first8 = tf.slice(layers[0], [0, 0, 0, 0], [-1, -1, -1, 8]);
    for (const [name, layer] of [
      ['layer1', first8],
      ['layer2', layers[1]],
      ['layer3', layers[2]],
    ] as const) {
      expect(relativeError(await layer.data(), nhwc(name)), name).toBeLessThan(1e-4);
    }
    tf.dispose([x, first8, ...layers]);
    backbone.dispose();
  });
});

it('gives a network of its own at each call, which can be saved, loaded and copied', async () => {
  await expectNoLeak(async () => {
    const first = async (backbone: Extractor) => (await backbone.stateDict()).get('conv1.weight')!.data;
    const [one, other] = [await embedded(), await embedded()];
    const weights = await first(one);
    tf.tidy(() => one.parameters[0].assign(tf.zerosLike(one.parameters[0])));
    expect(await first(one)).not.toEqual(weights);
    expect(await first(other)).toEqual(weights);
    const random = embeddedArchitecture();
    expect(await first(random)).not.toEqual(weights);
    random.loadStateDict(await other.stateDict());
    const copy = random.clone();
    expect(await first(copy)).toEqual(weights);
    for (const backbone of [one, other, random, copy]) backbone.dispose();
  });
});

it('fits into 3 MB', async () => {
  const { default: base64 } = await import('../weights/embedded.safetensors');
  expect((base64.length * 3) / 4).toBeLessThan(3e6);
});
