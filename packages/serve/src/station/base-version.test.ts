import { expect, test } from 'vitest';
import { baseVersion } from './base-version.js';

test('changes lead back to the version that was given, activations lead nowhere', () => {
  const time = '2026-01-01T00:00:00.000Z';
  const decisions = [
    { time, kind: 'threshold', version: 2, from: 1 },
    { time, kind: 'recalibrated', version: 3, from: 2 },
    { time, kind: 'activated', version: 1, from: 3 },
    { time, kind: 'replaced', version: 4 },
    { time, kind: 'roi', version: 5, from: 4 },
    { time, kind: 'judged', version: 5 },
  ];
  expect([1, 2, 3, 4, 5].map((version) => baseVersion(version, decisions))).toEqual([1, 1, 1, 4, 4]);
});
