import { unit } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { auroc } from './auroc.js';

const labels = [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1];
const scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.05, 0.8, 0.2, 0.9, 0.35, 0.6];

/** The definition: all pairs, ties one half. */
function pairs(l: ArrayLike<number>, s: ArrayLike<number>): number {
  let wins = 0;
  let n = 0;
  for (let i = 0; i < l.length; i++)
    for (let j = 0; j < l.length; j++) {
      if (l[i] !== 1 || l[j] !== 0) continue;
      wins += s[i] > s[j] ? 1 : s[i] === s[j] ? 0.5 : 0;
      n++;
    }
  return wins / n;
}

describe('auroc', () => {
  it("equals scikit-learn's roc_auc_score", () => {
    expect(auroc(labels, scores)).toBeCloseTo(0.7083333333333335, 14);
    expect(auroc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])).toBe(0.75);
    expect(auroc([1, 1, 0, 0], [0.1, 0.4, 0.35, 0.8])).toBe(0.25);
  });

  it('equals the count over all pairs, for every kind of array and scores of every magnitude', () => {
    for (let trial = 0; trial < 30; trial++) {
      const u = unit(`auroc.${trial}`, 240);
      const l = Uint8Array.from(u.subarray(0, 120), (x) => +(x < 0.3 + trial / 60));
      const exponent = unit(`auroc.e.${trial}`, 120);
      const wide = u.subarray(120).map((x, i) => (x - 0.5) * 10 ** (300 * (2 * exponent[i] - 1)));
      const narrow = Float32Array.from(u.subarray(120), (x) => Math.round((x - 0.5) * 20) / 4);
      expect(auroc(l, wide)).toBeCloseTo(pairs(l, wide), 12);
      expect(auroc([...l], [...wide])).toBe(auroc(l, wide));
      expect(auroc(l, narrow)).toBeCloseTo(pairs(l, narrow), 12);
      expect(auroc(l, Float64Array.from(narrow))).toBe(auroc(l, narrow));
      expect(
        auroc(
          l,
          Float64Array.from(narrow, (x) => x + 1e-12),
        ),
      ).toBe(auroc(l, narrow));
    }
  });

  it('sorts large sets as it does small ones', () => {
    const n = 30_000;
    const u = unit('auroc.large', 2 * n);
    const l = Uint8Array.from(u.subarray(0, n), (x) => +(x < 0.5));
    for (const scores of [
      u.subarray(n).map((x) => x - 0.5),
      u.subarray(n).map((x) => 1 + x * 1e-12),
      Float32Array.from(u.subarray(n), (x) => (x - 0.5) * 1e-38),
      Float64Array.from(u.subarray(n), (x) => Math.round(x * 50) / 7),
    ]) {
      const order = Array.from(scores, (score, i) => ({ score, label: l[i] })).sort(
        (a, b) => a.score - b.score,
      );
      let rankSum = 0; // Wilcoxon's form, ties by mid-ranks
      for (let i = 0, j = 0; i < n; i = j) {
        while (j < n && order[j].score === order[i].score) j++;
        for (let k = i; k < j; k++) rankSum += order[k].label * ((i + 1 + j) / 2);
      }
      const positives = l.reduce((a, b) => a + b, 0);
      const expected = (rankSum - (positives * (positives + 1)) / 2) / (positives * (n - positives));
      expect(auroc(l, scores)).toBeCloseTo(expected, 13);
    }
  });

  it('tells scores apart that float32 does not', () => {
    expect(auroc([0, 1], [1, 1 + 1e-15])).toBe(1);
    expect(auroc([1, 0], [1, 1 + 1e-15])).toBe(0);
    const close = Float64Array.from({ length: 100 }, (_, i) => 1 + i * 2.3e-16);
    expect(
      auroc(
        Uint8Array.from(close, (_, i) => +(i >= 50)),
        close,
      ),
    ).toBe(1);
  });

  it('takes 0 and -0 as equal, as float32 and as double', () => {
    expect(auroc([0, 1], new Float32Array([0, -0]))).toBe(0.5);
    expect(auroc([0, 1, 1], [0, -0, 0.1])).toBe(0.75);
  });

  it('reads typed views at their offset', () => {
    expect(auroc(new Uint8Array([9, 0, 1]).subarray(1), new Float32Array([7, 1, 2]).subarray(1))).toBe(1);
  });

  it('is one half for constant scores', () => {
    expect(auroc([0, 1, 1], [5, 5, 5])).toBe(0.5);
    expect(auroc([0, 1, 1], [0.1, 0.1, 0.1])).toBe(0.5);
  });

  it('is unchanged by a monotone map of the scores and mirrored by a reversed one', () => {
    const u = unit('auroc.monotone', 300);
    const l = Uint8Array.from(u, (_, i) => +(i % 3 === 0));
    expect(auroc(l, u.map(Math.exp))).toBe(auroc(l, u));
    expect(
      auroc(
        l,
        u.map((x) => -x),
      ),
    ).toBeCloseTo(1 - auroc(l, u), 14);
  });

  it('is unchanged when every pair of label and score is doubled', () => {
    expect(auroc([...labels, ...labels], [...scores, ...scores])).toBeCloseTo(auroc(labels, scores), 14);
  });

  it('refuses degenerate input, saying where', () => {
    const anyScores = new Float32Array(41);
    expect(() => auroc(new Uint8Array(41), anyScores)).toThrow(
      'auroc: needs both classes, got 0 anomalous of 41',
    );
    expect(() => auroc(new Uint8Array(41).fill(1), anyScores)).toThrow(
      'auroc: needs both classes, got 41 anomalous of 41',
    );
    expect(() => auroc([], [])).toThrow('auroc: needs at least one score, got none');
    expect(() => auroc([0, 1], [1])).toThrow(
      'auroc: needs one label for each score, got 2 labels and 1 scores',
    );
    expect(() => auroc([0, 1, 1], [1, 2, Number.NaN])).toThrow(
      'auroc: scores must be finite, got NaN at index 2',
    );
    expect(() => auroc([0, 1], new Float32Array([1, Number.POSITIVE_INFINITY]))).toThrow(
      'auroc: scores must be finite, got Infinity at index 1',
    );
    expect(() => auroc([0, 1], [0.1, Number.NEGATIVE_INFINITY])).toThrow('got -Infinity at index 1');
    expect(() => auroc([0, 2], [1, 2])).toThrow('auroc: labels must be 0 or 1, got 2 at index 1');
  });
});

it('text in the place of numbers is named as such', () => {
  const auc = auroc as (labels: unknown, scores: unknown) => number;
  expect(() => auc(['0', '1'], [0.1, 0.2])).toThrow(
    'auroc: labels must be 0 or 1, got the text "0"; make it a number with Number() at index 0',
  );
  expect(() => auc([0, 1], ['0.1', '0.2'])).toThrow('auroc: scores must be finite, got the text "0.1"');
  expect(() => auc(null, [1])).toThrow('auroc: needs labels as an array of numbers, got null');
  expect(() => auc([1], '1')).toThrow('auroc: needs scores as an array of numbers, got the text "1"');
});
