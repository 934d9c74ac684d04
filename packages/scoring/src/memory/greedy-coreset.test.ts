import { expectNoLeak, gauss, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { beforeAll, describe, expect, it } from 'vitest';
import { greedyCoreset } from './greedy-coreset.js';

interface Task {
  count: number;
  centres?: number[][];
  first?: number;
}

/** One row after the other, in float64. */
function oneByOne(rows: number[][], { count, centres, first = 0 }: Task) {
  const squared = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0);
  const nearest = rows.map((row) => Math.min(...(centres ?? [rows[first]]).map((c) => squared(row, c))));
  const chosen = centres ? [] : [first];
  while (chosen.length < count) {
    const next = nearest.indexOf(Math.max(...nearest));
    chosen.push(next);
    rows.forEach((row, i) => {
      nearest[i] = Math.min(nearest[i], squared(row, rows[next]));
    });
  }
  return { chosen, radius: Math.sqrt(Math.max(...nearest)) };
}

const table = (values: Float32Array, columns: number) =>
  Array.from({ length: values.length / columns }, (_, i) => [
    ...values.subarray(i * columns, (i + 1) * columns),
  ]);

describe.each(['ort', 'cpu'])('greedyCoreset on %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'ort') await initOrt({ threads: 1 });
    else await tf.setBackend(backend);
  });

  it('chooses as one row after the other does, also where a pass sees a part of the rows only', async () => {
    await expectNoLeak(async () => {
      for (const [n, k, count] of [
        [1, 3, 1],
        [40, 2, 25],
        [1500, 3, 200],
      ]) {
        const values = gauss(`rows${n}`, [n, k]);
        const rows = tf.tensor2d(values, [n, k]);
        const first = n >> 1;
        const { chosen, radius } = await greedyCoreset(rows, { count, first });
        const expected = oneByOne(table(values, k), { count, first });
        expect([...chosen]).toEqual(expected.chosen);
        expect(radius).toBeCloseTo(expected.radius, 3);
        rows.dispose();
      }
    });
  });

  it('goes on from centres that are there, and stops at a radius', async () => {
    await expectNoLeak(async () => {
      const values = gauss('rows', [700, 3]);
      const given = uniform('centres', [5, 3]);
      const rows = tf.tensor2d(values, [700, 3]);
      const centres = tf.tensor2d(given, [5, 3]);
      const task = { centres: table(given, 3), count: 30 };
      const expected = oneByOne(table(values, 3), task);
      const whole = await greedyCoreset(rows, { centres, count: 30 });
      expect([...whole.chosen]).toEqual(expected.chosen);
      const early = await greedyCoreset(rows, { centres, count: 700, radius: 0.8 });
      const before = oneByOne(table(values, 3), { ...task, count: early.chosen.length - 1 });
      expect(early.radius).toBeLessThanOrEqual(0.8);
      expect(before.radius).toBeGreaterThan(0.8);
      const none = await greedyCoreset(rows, { centres, count: 0 });
      expect([...none.chosen]).toEqual([]);
      tf.dispose([rows, centres]);
    });
  });

  it('takes none of equal rows twice', async () => {
    await expectNoLeak(async () => {
      const distinct = gauss('few', [6, 4]);
      const rows = tf.tidy(() => tf.tile(tf.tensor2d(distinct, [6, 4]), [200, 1]) as tf.Tensor2D);
      const { chosen, radius } = await greedyCoreset(rows, { count: 500 });
      expect(new Set([...chosen].map((row) => row % 6)).size).toBe(6);
      expect(chosen).toHaveLength(6);
      expect(radius).toBeLessThan(1e-2);
      rows.dispose();
    });
  });
});
