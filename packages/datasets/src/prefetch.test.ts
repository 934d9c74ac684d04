import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { prefetch } from './prefetch.js';

describe('prefetch', () => {
  it('keeps the order, and no more than `ahead` results wait', async () => {
    let begun = 0;
    const load = async (i: number) => {
      begun++;
      await setTimeout(i % 3);
      return 10 * i;
    };
    const got: number[] = [];
    for await (const value of prefetch([0, 1, 2, 3, 4, 5, 6], load, { ahead: 3 })) {
      got.push(value);
      expect(begun).toBeLessThanOrEqual(got.length + 3);
    }
    expect(got).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  it('throws in turn', async () => {
    const load = async (i: number) => {
      if (i === 2) throw new Error('two');
      return i;
    };
    const got: number[] = [];
    const all = async () => {
      for await (const value of prefetch([0, 1, 2, 3], load)) got.push(value);
    };
    await expect(all()).rejects.toThrow('two');
    expect(got).toEqual([0, 1]);
  });
});
