import { expectNoLeak, uniform } from '@ddad/testing';
import { readSafetensors, writeSafetensors } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { beforeAll, expect, it } from 'vitest';
import { type FeatureMemoryOptions, featureMemory } from './build-memory.js';
import { type MemoryState, memoryFromState, memoryToState } from './memory-state.js';

beforeAll(() => initOrt({ threads: 1 }));

const memory = (options: Partial<FeatureMemoryOptions> = {}) =>
  expectNoLeak(async () => {
    const layer = tf.tensor4d(uniform('layer', [3, 4, 5, 6]), [3, 4, 5, 6]);
    const made = await featureMemory({ features: [[layer]], layers: [0], seed: 2 ** 40 + 1, ...options });
    layer.dispose();
    return made;
  });

it('comes back from a safetensors file as it was', async () => {
  for (const options of [
    {},
    { components: 4, position: 1 },
    { components: 4, whiten: true, position: 3, coreset: { vectors: 20, candidates: 50 } },
    { coreset: { method: 'random', vectors: 7 } },
  ] as const) {
    const before = await memory(options);
    const file = writeSafetensors(memoryToState(before));
    expect(memoryFromState(readSafetensors(file))).toEqual(before);
  }
});

it('refuses what no memory has', async () => {
  const state = memoryToState(await memory({ components: 4 }));
  const changed = (
    name: string,
    change: (tensor: MemoryState extends Map<string, infer T> ? T : never) => object,
  ) => new Map([...state, [name, { ...state.get(name)!, ...change(state.get(name)!) }]]) as MemoryState;
  const filled = (value: number) => (tensor: { data: Float32Array | Float64Array | Int32Array }) => ({
    data: tensor.data.slice().fill(value),
  });
  const refused = (state: MemoryState, message: string) =>
    expect(() => memoryFromState(state)).toThrow(message);
  for (const name of state.keys()) {
    if (name === 'projection') continue;
    refused(new Map([...state].filter(([key]) => key !== name)), `memoryFromState: needs ${name}, `);
    refused(
      changed(name, () => ({ shape: [1, 2, 3] })),
      `needs ${name}, `,
    );
    refused(
      changed(name, () => ({ data: new Uint8Array(1) })),
      `needs ${name}, `,
    );
  }
  refused(
    new Map([...state].filter(([key]) => key !== 'projection')),
    'residual must be 1 with a projection, or 0, got 1',
  );
  refused(changed('residual', filled(0)), 'needs vectors, Float32Array [60,4]');
  refused(changed('version', filled(2)), 'version must be 1; a newer release may read it, got 2');
  refused(changed('vectors', filled(Number.NaN)), 'vectors has a value that is not finite');
  refused(changed('images', filled(3)), 'images must be in 0..2, got 3,3,3,3');
  refused(changed('positions', filled(20)), 'positions must be in 0..19');
  refused(changed('layers', filled(-1)), 'layers must be indices from 0');
  refused(changed('coreset.method', filled(2)), 'coreset.method must be an index of greedy, random, got 2');
  refused(changed('coreset.limits', filled(5)), 'no less than the vectors');
  refused(changed('coreset.seed', filled(-1)), 'coreset.seed must be a whole number');
  refused(changed('position_weight', filled(1)), 'needs vectors, Float32Array [60,7]');
});
