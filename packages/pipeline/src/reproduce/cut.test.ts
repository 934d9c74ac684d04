import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.js';
import { fit, readCut, shortened, writeCut } from './cut.js';
import { estimate, total } from './estimate.js';

const counts = { train: 100, test: 50 };
const paper = loadConfig({ preset: 'reference', data: { kind: 'mvtec', root: 'data', category: 'bottle' } });
const auto = loadConfig({ preset: 'auto', data: { kind: 'mvtec', root: 'data', category: 'bottle' } });

test('an estimate adds up what the settings ask for', () => {
  // 1000 epochs of three steps of 32 images; 5 epochs of adaptation, half the images; every image ten times through the UNet
  expect(estimate(paper, counts, 0.01)).toEqual({
    training: expect.closeTo(3000 * 32 * 0.01, 9),
    adaptation: expect.closeTo((5 * 50 * 10 * 1.5 * 0.01) / 3, 9),
    // threshold and normalisation come of the test images alone
    judging: expect.closeTo((50 * 10 * 1.5 * 0.01) / 3, 9),
  });
  // 1200 steps of 8 images, and ten minutes at most
  expect(estimate(auto, counts, 0.01).training).toBeCloseTo(96, 9);
  expect(estimate(auto, counts, 0.1).training).toBe(600);
});

test.each([60, 200, 500, 900])('a run that is shortened to %s s is about that long', (share) => {
  const cut = fit(paper, counts, { share, pace: 0.01 });
  const short = shortened(paper, cut);
  const seconds = total(estimate(short, counts, 0.01));
  expect(seconds).toBeLessThanOrEqual(share);
  expect(seconds).toBeGreaterThan(0.85 * share);
  expect(cut.notes[0]).toBe(`${short.training.steps} of 3000 training steps`);
  expect(short.training.epochs).toBeNull();
});

test('where there is time enough nothing is cut, where there is none a step is left', () => {
  const whole = fit(paper, counts, { share: 2000, pace: 0.01 });
  expect(whole.notes).toEqual([]);
  expect(shortened(paper, whole)).toEqual(paper);
  expect(fit(paper, counts, { share: 0, pace: 0.01 })).toMatchObject({ steps: 1, adaptationEpochs: 0 });
});

test('a training that has a budget gets a smaller one', () => {
  const cut = fit(auto, counts, { share: 300, pace: 0.1 });
  expect(shortened(auto, cut).training).toMatchObject({ budget: cut.budget, steps: 1200, epochs: null });
  expect(cut.budget).toBeLessThan(300);
  expect(cut.notes).toEqual([`training.budget ${cut.budget} of 600 s`]);
});

test('is kept in the folder; what is damaged is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ddad-cut-'));
  expect(await readCut(folder)).toBeUndefined();
  const cut = fit(paper, counts, { share: 60, pace: 0.01 });
  await writeCut(folder, cut);
  expect(await readCut(folder)).toEqual(cut);
  await writeFile(join(folder, 'cut.json'), '{"steps":');
  expect(await readCut(folder)).toBeUndefined();
  await rm(folder, { recursive: true });
});
