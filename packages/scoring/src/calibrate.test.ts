import { goldens } from '@ddad/testing';
import { describe, expect, it } from 'vitest';
import { calibrate } from './calibrate.js';
import { distanceRatio } from './distance-ratio.js';
import { normalQuantile } from './normal-quantile.js';

/** Scores, and what numpy and scipy made of them (tools/fixtures/scoring-peer.py). */
const peer = goldens('scoring');
const values = (name: string) => peer.get(name)!.data as Float64Array;
const images = (n: number) => ({
  pixelMaxima: values('pixel_maxima').slice(0, n),
  featureMaxima: values('feature_maxima').slice(0, n),
  scores: values('scores').slice(0, n),
});

it('normalQuantile is scipy.stats.norm.ppf', () => {
  values('p').forEach((p, i) => {
    expect(normalQuantile(p)).toBeCloseTo(values('ppf')[i], 8);
  });
});

describe('calibrate', () => {
  it('takes the empirical quantile where there are images enough', () => {
    const { ratio, threshold, method, n } = calibrate(images(250));
    expect([method, n]).toEqual(['quantile', 250]);
    expect(ratio).toBeCloseTo(values('ratio_250')[0], 12);
    expect(threshold).toBeCloseTo(values('quantile_99')[0], 12);
    expect(calibrate({ ...images(250), falseAlarmRate: 0.05 }).threshold).toBeCloseTo(
      values('quantile_95')[0],
      12,
    );
  });

  it('fits a log-normal distribution to fewer', () => {
    const { threshold, method, n } = calibrate(images(40));
    expect([method, n]).toEqual(['log-normal', 40]);
    expect(threshold).toBeCloseTo(values('lognormal_40_99')[0], 12);
    expect(calibrate(images(99)).method).toBe('log-normal');
    expect(calibrate(images(100)).method).toBe('quantile');
    expect(calibrate({ ...images(20), falseAlarmRate: 0.05 }).method).toBe('quantile');
  });

  it('lets through the false alarms it was asked for', () => {
    for (const falseAlarmRate of [0.01, 0.02, 0.1]) {
      const { threshold } = calibrate({ ...images(250), falseAlarmRate });
      const alarms = images(250).scores.filter((score) => score >= threshold).length;
      expect(alarms / 250).toBeCloseTo(falseAlarmRate, 2);
    }
  });

  it('does not depend on the order of the images, and takes any arrays', () => {
    const { pixelMaxima, featureMaxima, scores } = images(39);
    const straight = calibrate(images(39));
    const turned = calibrate({
      pixelMaxima: Array.from(pixelMaxima).reverse(),
      featureMaxima: Array.from(featureMaxima).reverse(),
      scores: Array.from(scores).reverse(),
    });
    expect(turned.threshold).toBeCloseTo(straight.threshold, 12);
    expect(turned.ratio).toBe(straight.ratio);
    expect(straight.ratio).toBeCloseTo(values('ratio_39')[0], 12);
  });

  it.each([
    [
      { ...images(9), scores: [1, 2, 3] },
      'needs one pixel maximum, feature maximum and score per image, got 9, 9 and 3',
    ],
    [{ ...images(3), scores: [1, Number.NaN, 2] }, 'scores must be finite, got NaN at index 1'],
    [{ ...images(3), scores: [1, 0, 2] }, 'needs positive scores to fit their logarithms, got 0 at index 1'],
    [images(2), 'needs at least 3 good images, got 2'],
    [images(0), 'needs at least 3 good images, got 0'],
    [{ ...images(9), pixelMaxima: [1] }, 'got 1, 9 and 9'],
    [{ ...images(9), falseAlarmRate: 0 }, 'falseAlarmRate must lie between 0 and 1, got 0'],
    [
      { ...images(3), pixelMaxima: [1, Number.POSITIVE_INFINITY, 1] },
      'pixelMaxima must be finite numbers >= 0',
    ],
  ])('refuses input it cannot use (%#)', (input, message) => {
    expect(() => calibrate(input)).toThrow(message);
  });
});

it('distanceRatio leaves out images without pixel distance', () => {
  expect(distanceRatio({ pixelMaxima: [0, 1, 2], featureMaxima: [5, 3, 2] })).toBe(2);
  expect(distanceRatio({ pixelMaxima: [0, 0], featureMaxima: [5, 3] })).toBe(0);
});
