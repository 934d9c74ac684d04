import { startEngine } from '@ddad/nn';
import { expectNoLeak, relativeError, testEngine, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { linearSchedule } from './linear-schedule.js';
import { reconstruct } from './reconstruct.js';
import { noiseDraws, reconstructionGraph } from './reconstruction-graph.js';
import type { ReconstructionSettings } from './reconstruction-settings.js';
import { UNet } from './unet.js';

let unet: UNet;
beforeAll(async () => {
  await startEngine({ engine: testEngine });
  unet = new UNet({ imageSize: 16, baseChannels: 32, channelMultipliers: [1, 2], resBlocks: 1, seed: 3 });
  const state = await unet.stateDict();
  state.set('out.2.weight', { dtype: 'F32', shape: [3, 32, 3, 3], data: uniform('out', [3, 32, 3, 3], 0.1) });
  unet.loadStateDict(state);
});
afterAll(() => unet.dispose());

const schedule = linearSchedule();
const cases: [string, ReconstructionSettings, number][] = [
  ['Algorithm 1', { w: 4, schedule, start: 100, skip: 25, eta: 1 }, 5],
  ['DDIM', { w: 2, schedule, start: 90, skip: 40, eta: 0 }, 4],
  ['few steps', { w: 3, schedule, start: 60, steps: 3, eta: 1 }, 4],
  ['a mean of predictions', { w: 3, schedule, levels: [50, 100] }, 2],
];

it.each(cases)('%s: one graph gives what the steps give', async (_, settings, draws) => {
  expect(noiseDraws(settings)).toBe(draws);
  await expectNoLeak(async () => {
    const shape = [2, 16, 16, 3] as [number, number, number, number];
    const x = tf.tensor4d(uniform('x', shape), shape);
    const noise = tf.randomNormal([draws, ...shape], 0, 1, 'float32', 5) as tf.Tensor5D;
    let next = 0;
    const steps = await reconstruct(unet, x, {
      ...settings,
      target: x,
      noise: () => tf.tidy(() => tf.reshape(tf.slice(noise, next++, 1), shape)),
    });
    expect(next).toBe(draws);
    const graph = tf.tidy(() => reconstructionGraph(unet, x, { ...settings, noise }));
    expect(graph.shape).toEqual(shape);
    expect(relativeError(await graph.data(), await steps.data())).toBeLessThan(1e-5);
    tf.dispose([x, noise, steps, graph]);
  });
});
