import { expect, test } from 'vitest';
import { repairRatio } from './repair.js';

const of = (...values: number[]) => Uint8Array.from(values);

test('only masked pixels count, all their channels do', () => {
  const image = {
    input: of(10, 20, 99, 99),
    reconstruction: of(6, 14, 0, 0),
    clean: of(6, 10, 99, 99),
    mask: of(1, 0),
  };
  expect(repairRatio([image])).toBeCloseTo((0 + 4) / (4 + 10));
  expect(repairRatio([{ ...image, reconstruction: image.input }])).toBe(1);
  expect(repairRatio([{ ...image, reconstruction: image.clean }])).toBe(0);
});

test('without a defect there is nothing to repair', () => {
  const image = { input: of(1, 2), reconstruction: of(1, 2), clean: of(1, 2), mask: of(0, 0) };
  expect(() => repairRatio([image])).toThrow(/needs masked pixels/);
});
