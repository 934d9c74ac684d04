import { describe, expect, it } from 'vitest';
import { confusion } from './confusion.js';

describe('confusion', () => {
  it('counts score >= threshold as anomalous', () => {
    const labels = [0, 0, 1, 1, 1];
    const scores = [1, 2, 2, 3, 1];
    expect(confusion(labels, scores, { threshold: 2 })).toEqual({ tp: 2, fp: 1, tn: 1, fn: 1 });
    expect(confusion(labels, scores, { threshold: Number.POSITIVE_INFINITY })).toEqual({
      tp: 0,
      fp: 0,
      tn: 2,
      fn: 3,
    });
  });

  it('works with one class', () => {
    expect(confusion([0, 0], [1, 2], { threshold: 2 })).toEqual({ tp: 0, fp: 1, tn: 1, fn: 0 });
  });

  it('refuses degenerate input', () => {
    expect(() => confusion([], [], { threshold: 1 })).toThrow(
      'confusion: needs at least one score, got none',
    );
    expect(() => confusion([1], [1], { threshold: Number.NaN })).toThrow(
      'confusion: threshold must be a number, got NaN',
    );
    expect(() => confusion([1], [Number.NaN], { threshold: 1 })).toThrow('got NaN at index 0');
  });
});
