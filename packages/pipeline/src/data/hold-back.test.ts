import { expect, test } from 'vitest';
import { sha256 } from '../io/sha256.js';
import { holdBack } from './hold-back.js';

const hashes = (n: number) => Array.from({ length: n }, (_, i) => sha256(`image ${i}`));

test('holds back a tenth, at least 8, and parts the images', () => {
  for (const [n, expected] of [
    [40, 8],
    [79, 8],
    [100, 10],
    [391, 39],
  ]) {
    const { training, calibration, shared } = holdBack(hashes(n), { share: 0.1 });
    expect(calibration).toHaveLength(expected);
    expect(shared).toBe(false);
    expect([...training, ...calibration].sort((a, b) => a - b)).toEqual(
      Array.from({ length: n }, (_, i) => i),
    );
  }
});

test('fewer than 40 images, or a share of 0, are used for both', () => {
  expect(holdBack(hashes(39), { share: 0.1 })).toMatchObject({ shared: true });
  expect(holdBack(hashes(39), { share: 0.1 }).calibration).toHaveLength(39);
  expect(holdBack(hashes(100), { share: 0 }).training).toHaveLength(100);
});

test('the choice follows the content, not the order', () => {
  const list = hashes(60);
  const pick = (order: string[]) =>
    holdBack(order, { share: 0.2 })
      .calibration.map((i) => order[i])
      .sort();
  expect(pick([...list].reverse())).toEqual(pick(list));
});
