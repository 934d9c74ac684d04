import { executionProviders, expectNoLeak, relativeError, tolerance, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect, type MockInstance, vi } from 'vitest';
import { initOrt } from '../src/init.js';

/** Makes 'ort' the backend of a test file, whose tests fail where a kernel fell back to tfjs's `cpu`. */
export function useOrt(): void {
  beforeAll(() => initOrt({ executionProviders, threads: 2 }));
  let warnings: MockInstance<typeof console.warn>;
  beforeEach(() => {
    warnings = vi.spyOn(console, 'warn');
  });
  afterEach(() => {
    const fallbacks = warnings.mock.calls
      .map((c) => String(c[0]))
      .filter((text) => text.includes('runs on tfjs'));
    warnings.mockRestore();
    expect(fallbacks).toEqual([]);
  });
}

export type Make = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

async function compute(backend: string, make: Make, shapes: number[][], scale: number) {
  await tf.setBackend(backend);
  return expectNoLeak(async () => {
    const inputs = shapes.map((shape, i) => tf.tensor(uniform(`input${i}`, shape, scale), shape));
    const made = make(...inputs);
    const outputs = Array.isArray(made) ? made : [made];
    const results = await Promise.all(
      outputs.map(async (t) => ({ shape: t.shape, dtype: t.dtype, data: Array.from(await t.data()) })),
    );
    for (const t of new Set([...inputs, ...outputs])) t.dispose();
    return results;
  });
}

/** `make` of float32 inputs of `shapes`, from [-scale, scale), gives the same on 'ort' as on tfjs's `cpu`. */
export async function expectSame(make: Make, shapes: number[][], { scale = 1, error = 1e-5 } = {}) {
  const tidied: Make = (...inputs) => tf.tidy(() => make(...inputs));
  const expected = await compute('cpu', tidied, shapes, scale);
  const actual = await compute('ort', tidied, shapes, scale);
  expect(actual.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    expected.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  actual.forEach((a, i) => {
    expect(relativeError(a.data, expected[i].data)).toBeLessThan(tolerance(error));
  });
}

/** The gradients of sum(f cos f), so that no two elements' gradients are alike. */
export const gradsOf =
  (f: (...inputs: tf.Tensor[]) => tf.Tensor): Make =>
  (...inputs) =>
    tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(f(...xs), tf.cos(f(...xs)))))(inputs);

/** The gradients of sum(f cos f) on 'ort' are the differences of its values. */
export async function expectGradientsOfDifferences(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  shapes: number[][],
  { step = 1e-2, error = 1e-2 } = {},
): Promise<void> {
  await tf.setBackend('ort');
  await expectNoLeak(async () => {
    const inputs = shapes.map((shape, i) => tf.tensor(uniform(`input${i}`, shape), shape));
    const objective = (...xs: tf.Tensor[]) => tf.sum(tf.mul(f(...xs), tf.cos(f(...xs))));
    const gradients = tf.tidy(() => gradsOf(f)(...inputs)) as tf.Tensor[];
    for (const i of inputs.keys()) {
      const differences = await differencesOf(objective, inputs, i, step);
      expect(relativeError(await gradients[i].data(), differences), `input ${i}`).toBeLessThan(error);
    }
    tf.dispose([inputs, gradients]);
  });
}

async function differencesOf(
  objective: (...xs: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  which: number,
  step: number,
): Promise<number[]> {
  const { shape } = inputs[which];
  const values = await inputs[which].data<'float32'>();
  const at = async (k: number, by: number): Promise<number> => {
    const moved = Float32Array.from(values);
    moved[k] += by;
    const result = tf.tidy(() => {
      const x = tf.tensor(moved, shape);
      return objective(...inputs.map((input, i) => (i === which ? x : input)));
    });
    const [value] = await result.data();
    result.dispose();
    return value;
  };
  const differences: number[] = [];
  for (let k = 0; k < values.length; k++)
    differences.push(((await at(k, step)) - (await at(k, -step))) / (2 * step));
  return differences;
}
