import { expectNoLeak, gauss } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';
import { expect, it } from 'vitest';
import { nearestRows } from './nearest-rows.js';
import { asQueries, asTargets, squaredNorms } from './product-rows.js';

it.each([
  [1, 1, 2],
  [700, 30, 5],
  [1100, 4100, 3], // several tiles of both
])('finds what comparing all with all finds, %i queries among %i', async (n, m, k) => {
  await initOrt({ threads: 1 });
  await expectNoLeak(async () => {
    const q = gauss('queries', [n, k]);
    const t = gauss('targets', [m, k]);
    const [queries, targets] = tf.tidy(() => [
      asQueries(tf.tensor2d(q, [n, k])),
      asTargets(tf.tensor2d(t, [m, k])),
    ]);
    const found = nearestRows(queries, targets);
    const norms = squaredNorms(queries);
    const [products, indices, squares] = await Promise.all([
      found.product.data(),
      found.index.data(),
      norms.data(),
    ]);
    for (let i = 0; i < n; i++) {
      let nearest = 0;
      let smallest = Number.POSITIVE_INFINITY;
      for (let j = 0; j < m; j++) {
        let squared = 0;
        for (let c = 0; c < k; c++) squared += (q[i * k + c] - t[j * k + c]) ** 2;
        if (squared < smallest) {
          smallest = squared;
          nearest = j;
        }
      }
      expect(squares[i] - products[i]).toBeCloseTo(smallest, 4);
      expect(indices[i]).toBe(nearest);
    }
    tf.dispose([queries, targets, norms, found.product, found.index]);
  });
});
