import { loadConfig, type Report } from '@ddad/pipeline';
import { expect, test } from 'vitest';
import { nextSteps } from './next-steps.js';

const image = (id: string, score: number) => ({
  ...{ id, score, label: undefined, defect: 'unknown' },
  isAnomalous: score >= 1,
});

function report(given: Partial<Report>): Report {
  return {
    dataset: { name: 'photos', category: null, train: 12, test: given.images?.length ?? 0 },
    ...{ engine: 'ort', metrics: {}, notReported: [], threshold: 1, thresholdFrom: 'calibrated' },
    ...{ images: [], files: { metrics: 'metrics.json', scores: 'scores.csv' }, seconds: 1 },
    config: loadConfig({ preset: 'small', data: { root: 'photos', kind: 'folder' } }),
    ...given,
  };
}

test('says how many look anomalous and which, the worst first, and how to go on', () => {
  const images = [image('test/a.png', 0.5), ...[1, 3, 2, 7, 6, 5].map((s) => image(`test/${s}.png`, s))];
  const lines = nextSteps(report({ images }), { checkpoint: 'checkpoints/photos' });
  expect(lines[0]).toBe(
    '6 of 7 test images look anomalous: test/7.png, test/6.png, test/5.png, test/3.png, test/2.png, and 1 more (scores.csv).',
  );
  expect(lines).toContain('  ddad detect --checkpoint checkpoints/photos new.jpg');
  expect(lines.join('\n')).toMatch(/more good images: from 40 on/);
  expect(lines.at(-1)).toBe('  a longer training: --steps 1200');
  expect(nextSteps(report({ images: [image('b.png', 0)] }), { checkpoint: 'my photos' })).toEqual(
    expect.arrayContaining([
      '0 of 1 test image look anomalous.',
      '  ddad detect --checkpoint "my photos" new.jpg',
    ]),
  );
});

test('without test images it says how to have some', () => {
  const lines = nextSteps(report({}), { checkpoint: 'c' });
  expect(lines[0]).toBe('Your own pictures:');
  expect(lines.join('\n')).toMatch(/some pictures with defects beside the good ones, in a folder `defects`/);
});

test('a longer training is advised where it may be better', () => {
  const longer = (preset: 'auto' | 'small', training: object) => {
    const config = loadConfig({ preset, data: { root: 'photos', kind: 'folder' }, training });
    return nextSteps(report({ config }), { checkpoint: 'c' }).find((line) => /longer/.test(line));
  };
  expect(longer('auto', {})).toBeUndefined();
  expect(longer('auto', { budget: 120 })).toBe('  a longer training: --budget 10m');
  expect(longer('auto', { budget: 3600 })).toBeUndefined();
  expect(longer('auto', { budget: 600, steps: null })).toBe('  a longer training: --budget 60m');
  expect(longer('auto', { budget: 3600, steps: null })).toBeUndefined();
  expect(longer('auto', { steps: 1200 })).toBe('  a longer training: --steps 2400');
  expect(longer('small', { epochs: 5 })).toBeUndefined();
});
