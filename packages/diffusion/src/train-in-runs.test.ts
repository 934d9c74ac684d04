import { createHash } from 'node:crypto';
import { startEngine } from '@ddad/nn';
import { expectNoLeak, testEngine, uniform } from '@ddad/testing';
import type { StateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { linearSchedule } from './linear-schedule.js';
import { trainUNet } from './train-unet.js';
import type { TrainingSnapshot, TrainUNetOptions } from './training-options.js';
import { UNet } from './unet.js';

beforeAll(async () => void (await startEngine({ engine: testEngine, threads: 1 })));

const shape = [2, 4, 4, 3] as [number, number, number, number];
const architecture = { imageSize: 4, baseChannels: 32, channelMultipliers: [1], resBlocks: 1, heads: 1 };
const image = (name: string) => tf.tensor4d(uniform(name, shape), shape);

/** Three batches an epoch, the last of them smaller. */
function* batches(epoch: number) {
  for (let i = 0; i < 2; i++) yield image(`batch${epoch}.${i}`);
  yield tf.tidy(() => tf.slice(image(`batch${epoch}.2`), 0, 1));
}
/** Two batches an epoch. */
function* alike(epoch: number) {
  for (let i = 0; i < 2; i++) yield image(`batch${epoch}.${i}`);
}

async function trained(options: Partial<TrainUNetOptions> & { dropout?: number }) {
  const { dropout = 0, ...others } = options;
  const unet = new UNet({ ...architecture, attentionResolutions: [], dropout, seed: 3 });
  const progress: (readonly [step: number, epoch: number, loss: number])[] = [];
  const snapshots: TrainingSnapshot[] = [];
  const settings = {
    unet,
    batches: alike,
    schedule: linearSchedule(),
    seed: 4,
    onProgress: ({ step, epoch, loss }: { step: number; epoch: number; loss: number }) =>
      progress.push([step, epoch, loss]),
    checkpoint: {
      save: (snapshot: TrainingSnapshot) => void snapshots.push(snapshot),
    },
    ...others,
  };
  let error: Error | undefined;
  const result = await trainUNet(settings).catch((thrown) => {
    error = thrown;
  });
  const weights = await unet.stateDict();
  unet.dispose();
  return { result, error, progress, weights, snapshots };
}

/** What two trainings of the same numbers have in common, every bit of it. */
const ends = ({ result, progress, weights, snapshots }: Awaited<ReturnType<typeof trained>>) => {
  const { unet, optimizer, average, progress: position } = snapshots.at(-1)!;
  return { result, progress, position, bits: [weights, unet, optimizer, average].map(bits) };
};

function bits(stateDict: StateDict = new Map()): string {
  const hash = createHash('sha256');
  for (const { data } of stateDict.values())
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}

it('takes several steps in one run as it takes single ones, over the ends of epochs and of shapes', async () => {
  await expectNoLeak(async () => {
    const settings = { steps: 8, ema: 0.9, clipNorm: 100, dropout: 0.3, batches };
    const single = await trained({ ...settings, stepsPerRun: 1 });
    const several = await trained({ ...settings, stepsPerRun: 4 });
    expect(single.progress.map(([step, epoch]) => [step, epoch])).toEqual(
      [[1, 0], [2, 0], [3, 0], [4, 1], [5, 1], [6, 1], [7, 2], [8, 2]], // biome-ignore format: a table
    );
    expect(ends(several)).toEqual(ends(single));
  });
});

it('runs end where an epoch is validated and saved, or the training ends', async () => {
  const at: number[] = [];
  const validation = {
    every: 2,
    evaluate: async () => 1,
    onValidation: ({ step }: { step: number }) => void at.push(step),
  };
  const settings = { epochs: 5, validation };
  const single = await trained({ ...settings, stepsPerRun: 1 });
  const several = await trained({ ...settings, stepsPerRun: 64 });
  expect(at).toEqual([4, 8, 10, 4, 8, 10]);
  expect(ends(several)).toEqual(ends(single));
});

it('ends at a signal after the run, and goes on from there, with the bits of single steps', async () => {
  const settings = { steps: 5, stepsPerRun: 2, ema: 0.9 };
  const single = await trained({ ...settings, stepsPerRun: 1 });
  const controller = new AbortController();
  const seen: number[] = [];
  const first = await trained({
    ...settings,
    signal: controller.signal,
    onProgress: ({ step }) => {
      seen.push(step);
      if (step === 1) controller.abort();
    },
  });
  expect(seen).toEqual([1, 2]);
  expect(first.result).toMatchObject({ step: 2, interrupted: true });
  expect(first.snapshots.at(-1)!.progress).toEqual({ step: 2, epoch: 0, batch: 2, seed: 4 });
  const second = await trained({ ...settings, resume: first.snapshots.at(-1) });
  expect(ends(second)).toEqual({ ...ends(single), progress: single.progress.slice(2) });
});

it('goes on from a run, and names the step in the middle of the next whose loss is not finite', async () => {
  await expectNoLeak(async () => {
    const poisoned = function* (epoch: number) {
      yield image(`batch${epoch}.0`);
      yield epoch === 1 ? (tf.fill(shape, Number.NaN) as tf.Tensor4D) : image(`batch${epoch}.1`);
    };
    const good = await trained({ steps: 3, stepsPerRun: 1 });
    const begun = await trained({ steps: 2, stepsPerRun: 2 });
    const settings = { steps: 9, batches: poisoned, resume: begun.snapshots.at(-1) };
    const bad = await trained({ ...settings, stepsPerRun: 4 });
    expect(bad.error?.message).toMatch('trainUNet: the loss is NaN at step 4, which was not taken');
    expect([...begun.progress, ...bad.progress]).toEqual(good.progress);
    expect(bits(bad.weights)).toEqual(bits(good.weights));
    expect(bad.snapshots).toEqual([]);
  });
});

it('saves by the clock between runs', async () => {
  const saved: unknown[] = [];
  await trained({
    steps: 4,
    stepsPerRun: 3,
    checkpoint: { seconds: 1e-9, save: ({ progress }, reason) => void saved.push([progress.step, reason]) },
  });
  expect(saved[0]).toEqual([3, 'time']);
  expect(saved.at(-1)).toEqual([4, 'end']);
});
