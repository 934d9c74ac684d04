import { describe, expect, it } from 'vitest';
import { formatMetric, formatName, formatNumber, formatSeconds } from './format.js';

describe('formats', () => {
  it('numbers', () => {
    expect([0.97314, 12.3456, 3120.4, 0, -2.5].map(formatNumber)).toEqual([
      '0.9731',
      '12.35',
      '3120',
      '0',
      '-2.5',
    ]);
    expect([1.5e-7, 2.5e9, Number.NaN, Number.POSITIVE_INFINITY].map(formatNumber)).toEqual([
      '1.50e-7',
      '2.50e+9',
      '–',
      '∞',
    ]);
    expect([0.5, 1, 12.3456].map(formatMetric)).toEqual(['0.5000', '1.0000', '12.35']);
  });

  it('durations', () => {
    expect([0.424, 12.34, 59.99, 185, 3599.7, 3725].map(formatSeconds)).toEqual([
      '0.42 s',
      '12.3 s',
      '60.0 s',
      '3 min 5 s',
      '1 h 0 min',
      '1 h 2 min',
    ]);
  });

  it('names', () => {
    expect(['imageAuroc', 'pixel_f1_max', 'aupro', 'total time', 'Mean'].map(formatName)).toEqual([
      'Image AUROC',
      'Pixel F1 max',
      'AUPRO',
      'Total time',
      'Mean',
    ]);
  });
});
