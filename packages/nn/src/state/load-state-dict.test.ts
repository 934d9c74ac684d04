import { expectNoLeak } from '@ddad/testing';
import type { StateDict } from '@ddad/weights';
import { expect, it } from 'vitest';
import { zeros } from './initializers.js';
import { Parameters } from './parameters.js';

function network() {
  const parameters = new Parameters();
  const scope = parameters.scope('conv');
  scope.parameter('weight', [2], { init: zeros });
  scope.parameter('bias', [1], { init: zeros });
  scope.buffer('num_batches_tracked', [], { init: zeros, dtype: 'I64', optional: true });
  return parameters;
}

const state = (bias: StateDict extends Map<string, infer T> ? T : never): StateDict =>
  new Map([
    ['conv.weight', { dtype: 'F64', shape: [2], data: Float64Array.of(0.5, -2) }],
    ['conv.bias', bias],
    ['conv.num_batches_tracked', { dtype: 'I64', shape: [], data: BigInt64Array.of(16_777_217n) }],
  ]);

it('takes values of other types, counters exactly', async () => {
  await expectNoLeak(async () => {
    const parameters = network();
    parameters.loadStateDict(state({ dtype: 'I32', shape: [1], data: Int32Array.of(3) }));
    const loaded = await parameters.stateDict();
    expect([...loaded.values()].map(({ data }) => Array.from(data, String))).toEqual([
      ['0.5', '-2'],
      ['3'],
      ['16777217'],
    ]);
    parameters.dispose();
  });
});

it('changes nothing where a tensor has a type that is no number of a network', async () => {
  await expectNoLeak(async () => {
    const parameters = network();
    expect(() =>
      parameters.loadStateDict(state({ dtype: 'U8', shape: [1], data: Uint8Array.of(3) })),
    ).toThrow('loadStateDict: conv.bias has dtype U8; needs floating-point values');
    const left = await parameters.stateDict();
    expect(left.get('conv.weight')!.data).toEqual(Float32Array.of(0, 0));
    parameters.dispose();
  });
});

it('keeps an optional tensor as it is where the state dict lacks it, and loads it where it is there', async () => {
  await expectNoLeak(async () => {
    const parameters = network();
    const whole = state({ dtype: 'F32', shape: [1], data: Float32Array.of(3) });
    const counter = 'conv.num_batches_tracked';
    parameters.loadStateDict(whole);
    const without = new Map([...whole].filter(([name]) => name !== counter));
    for (const strict of [true, false]) {
      expect(parameters.loadStateDict(without, { strict })).toEqual({
        missing: [],
        unexpected: [],
        misshapen: [],
      });
    }
    expect((await parameters.stateDict()).get(counter)!.data).toEqual(BigInt64Array.of(16_777_217n));
    without.delete('conv.bias');
    expect(() => parameters.loadStateDict(without)).toThrow('1 missing (conv.bias)');
    without.set(counter, { dtype: 'I64', shape: [1], data: BigInt64Array.of(1n) });
    expect(() => parameters.loadStateDict(without, { strict: false })).toThrow('1 misshapen');
    parameters.dispose();
  });
});
