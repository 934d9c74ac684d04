import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { chooseThreshold } from './choose-threshold.js';

const config = loadConfig({ data: { kind: 'folder', root: 'pictures' }, scoring: { threshold: 'youden' } });
const youden = (labels: (0 | 1)[], scores: number[]) =>
  chooseThreshold(config, {
    calibration: null,
    images: labels.map((label, i) => ({ label, score: scores[i] })),
  });

test('the threshold of scores worse than chance calls none of them anomalous, and a manifest can hold it', () => {
  for (const scores of [
    [0.2, 0.1],
    [3e-39, 1e-39],
    [7e37, 1],
  ]) {
    const threshold = youden([0, 1], scores)!;
    expect(JSON.parse(JSON.stringify(threshold))).toEqual(threshold);
    expect(threshold.value).toBeGreaterThan(scores[0]);
    expect(threshold.value).toBeLessThan(1.000001 * scores[0]);
  }
  expect(youden([0, 1], [0, 0])!.value).toBeGreaterThan(0);
  expect(youden([0, 1], [1, 2])).toEqual({ value: 2, from: 'youden' });
});
