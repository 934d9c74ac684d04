import { createHash } from 'node:crypto';
import { adam, deriveSeed, gaussian, startEngine } from '@ddad/nn';
import { expectNoLeak, relativeError, testEngine, uniform } from '@ddad/testing';
import type { StateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitGaussian } from './gaussian-model.js';
import { linearSchedule } from './linear-schedule.js';
import { trainUNet } from './train-unet.js';
import { trainingLoss } from './training-loss.js';
import type { TrainingSnapshot, TrainUNetOptions } from './training-options.js';
import { UNet } from './unet.js';

beforeAll(async () => void (await startEngine({ engine: testEngine, threads: 1 })));

const schedule = linearSchedule();
const architecture = { imageSize: 8, baseChannels: 32, channelMultipliers: [1], resBlocks: 1, heads: 2 };
const makeUnet = (dropout = 0) => new UNet({ ...architecture, dropout });

/** Two epochs' batches of other images each time. */
function* batches(epoch: number) {
  for (let i = 0; i < 3; i++) yield tf.tensor4d(uniform(`batch${epoch}.${i}`, [5, 8, 8, 3]), [5, 8, 8, 3]);
}

type Settings = Partial<TrainUNetOptions> & { dropout?: number };

async function trained({ dropout, ...options }: Settings) {
  const unet = makeUnet(dropout);
  const losses: number[] = [];
  const snapshots: TrainingSnapshot[] = [];
  const result = await trainUNet({
    unet,
    batches,
    schedule,
    seed: 4,
    ...(options.epochs || options.steps ? {} : { steps: 4 }),
    onProgress: ({ loss }) => losses.push(loss),
    checkpoint: { save: (snapshot) => void snapshots.push(snapshot) },
    ...options,
  });
  const weights = await unet.stateDict();
  unet.dispose();
  return { result, losses, weights, snapshot: snapshots.at(-1)!, snapshots };
}

/** The largest difference of two state dicts, in weights. */
function apart(a: StateDict, b: StateDict): number {
  let most = 0;
  for (const [name, { data }] of a) {
    (data as Float32Array).forEach((value, i) => {
      most = Math.max(most, Math.abs(value - Number(b.get(name)!.data[i])));
    });
  }
  return most;
}

/** Every bit of a state dict, in little room: comparing millions of numbers one by one takes minutes. */
const bits = (stateDict: StateDict) =>
  [...stateDict].map(([name, { data }]) => [
    name,
    createHash('sha256')
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      .digest('hex'),
  ]);

// a small step keeps Adam's division by a vanishing gradient from magnifying rounding
const sgdLike = () => adam({ learningRate: 1e-4, epsilon: 1 });

it('takes the same steps whether a batch passes at once or in parts, dropout included', async () => {
  await expectNoLeak(async () => {
    for (const dropout of [0, 0.3]) {
      const settings = { dropout, optimizer: sgdLike(), steps: 3, clipNorm: 5, ema: 0.9 };
      const whole = await trained(settings);
      const parts = await trained({ ...settings, optimizer: sgdLike(), microBatchSize: 2 });
      expect(relativeError(Float32Array.from(parts.losses), Float32Array.from(whole.losses))).toBeLessThan(
        1e-5,
      );
      expect(apart(parts.weights, whole.weights)).toBeLessThan(1e-7);
      expect(apart(parts.snapshot.unet, whole.snapshot.unet)).toBeLessThan(1e-7);
    }
  });
});

it('averages the weights as the recurrence says, and leaves the average in the network', async () => {
  const initial = makeUnet();
  const mean = new Map(
    [...(await initial.stateDict())].map(([name, t]) => [name, Float64Array.from(t.data as Float32Array)]),
  );
  initial.dispose();
  for (let steps = 1; steps <= 3; steps++) {
    const { snapshot } = await trained({ steps, optimizer: adam({ learningRate: 1e-2 }) });
    const decay = Math.min(0.25, (1 + steps) / (10 + steps));
    for (const [name, { data }] of snapshot.unet) {
      const average = mean.get(name)!;
      (data as Float32Array).forEach((value, i) => {
        average[i] = decay * average[i] + (1 - decay) * value;
      });
    }
  }
  const { weights, snapshot } = await trained({
    steps: 3,
    optimizer: adam({ learningRate: 1e-2 }),
    ema: 0.25,
  });
  for (const [name, { data }] of weights) {
    expect(relativeError(data as Float32Array, Float32Array.from(mean.get(name)!)), name).toBeLessThan(1e-5);
  }
  expect(bits(weights)).toEqual(bits(snapshot.average!));
  expect(bits(snapshot.unet)).not.toEqual(bits(snapshot.average!));
});

it('draws time steps from minTimestep to maxTimestep - 1', async () => {
  await expectNoLeak(async () => {
    const unet = makeUnet();
    const [first] = batches(0);
    const noise = gaussian<tf.Rank.R4>(deriveSeed(4, 0, 1), first.shape);
    const expected = trainingLoss(unet, first, { t: [699, 699, 699, 699, 699], noise, schedule });
    const { losses } = await trained({ steps: 1, minTimestep: 699, maxTimestep: 700 });
    expect(relativeError(losses, await expected.data())).toBeLessThan(1e-5);
    tf.dispose([first, noise, expected]);
    unet.dispose();
  });
});

it('trains from a Gaussian model, which stays as it is and resumes with the weights', async () => {
  await expectNoLeak(async () => {
    const parts = [...batches(0)];
    const images = tf.concat(parts);
    const model = await fitGaussian(images, { components: 3 });
    const run = async (options: Partial<TrainUNetOptions>) => {
      const unet = new UNet({ ...architecture, gaussianComponents: 3, patch: 2 });
      unet.setGaussian(model);
      let snapshot: TrainingSnapshot | undefined;
      await trainUNet({
        unet,
        batches,
        schedule,
        seed: 4,
        ema: 0.5,
        checkpoint: {
          save: (saved) => {
            snapshot = saved;
          },
        },
        ...options,
      });
      const weights = await unet.stateDict();
      unet.dispose();
      return { weights, snapshot: snapshot! };
    };
    const whole = await run({ steps: 4 });
    for (const [name, tensor] of Object.entries(model))
      expect(whole.weights.get(`gaussian.${name}`)!.data).toEqual(await tensor.data());
    const half = await run({ steps: 2 });
    const rest = await run({ steps: 4, resume: half.snapshot });
    expect(bits(rest.weights)).toEqual(bits(whole.weights));
    expect(bits(half.weights)).not.toEqual(bits(whole.weights));
    tf.dispose([...parts, images, ...Object.values(model)]);
  });
});

it('clips the common norm of the gradients', async () => {
  // one step of Adam whose epsilon dwarfs the gradient moves by lr * gradient / epsilon
  const lr = 1e3;
  const epsilon = 1e6;
  const moved = async (clipNorm?: number) => {
    const before = makeUnet();
    const start = await before.stateDict();
    before.dispose();
    const { weights } = await trained({ steps: 1, clipNorm, optimizer: adam({ learningRate: lr, epsilon }) });
    let squares = 0;
    for (const [name, { data }] of weights) {
      const from = start.get(name)!.data as Float32Array;
      (data as Float32Array).forEach((value, i) => {
        squares += ((value - from[i]) * (epsilon / lr)) ** 2;
      });
    }
    return Math.sqrt(squares);
  };
  const free = await moved();
  expect(free).toBeGreaterThan(40);
  expect(Math.abs((await moved(20)) / 20 - 1)).toBeLessThan(0.01);
  expect(Math.abs((await moved(10 * free)) / free - 1)).toBeLessThan(1e-3);
});

describe('validation', () => {
  /** Errors by number of the call. */
  const told = (errors: number[]) => {
    let call = 0;
    return async () => errors[call++];
  };

  it('stops when the error has not fallen for so long, with the best weights', async () => {
    await expectNoLeak(async () => {
      const seen: number[][] = [];
      const evaluate = told([5, 3, 4, 3, 9, 9, 9]);
      const { result, weights, snapshot } = await trained({
        epochs: 9,
        validation: { evaluate, patience: 2, onValidation: ({ epoch, error }) => seen.push([epoch, error]) },
      });
      expect(seen).toEqual([[1, 5], [2, 3], [3, 4], [4, 3]]); // biome-ignore format: a table
      expect(result).toMatchObject({ epoch: 4, step: 12, stoppedEarly: true, interrupted: false });
      expect(result.best).toEqual({ epoch: 2, step: 6, error: 3 });
      expect(bits(weights)).toEqual(bits((await trained({ epochs: 2 })).weights));
      expect(bits(snapshot.unet)).not.toEqual(bits(weights));
    });
  });

  it('keeps its interval, looks once more at the end, and without patience changes nothing', async () => {
    const steps: number[] = [];
    const settings = { steps: 8, ema: 0.5 };
    const { weights, result } = await trained({
      ...settings,
      validation: { every: 2, evaluate: told([1, 2]), onValidation: ({ step }) => steps.push(step) },
    });
    expect(steps).toEqual([6, 8]);
    expect(result).toMatchObject({ stoppedEarly: false, best: { step: 6, epoch: 2, error: 1 } });
    expect(bits(weights)).toEqual(bits((await trained(settings)).weights));
  });

  it('shows the averaged weights to the error, and refuses an error that is no number', async () => {
    let shown: StateDict | undefined;
    const { weights } = await trained({
      steps: 2,
      ema: 0.5,
      validation: {
        evaluate: async (unet) => {
          shown = await unet.stateDict();
          return 1;
        },
      },
    });
    expect(bits(shown!)).toEqual(bits(weights));
    await expect(trained({ steps: 1, validation: { evaluate: async () => Number.NaN } })).rejects.toThrow(
      'trainUNet: the validation error is NaN at step 1',
    );
  });
});

it('goes on bit for bit from a snapshot of any moment, whatever is switched on', async () => {
  await expectNoLeak(async () => {
    const evaluate = async (unet: UNet) => {
      const { data } = (await unet.stateDict()).get('out.2.bias')!;
      return 1 + Math.abs(Math.sin(1e4 * (data as Float32Array)[0])); // goes up and down
    };
    const settings = () => ({
      dropout: 0.3,
      epochs: 3,
      ema: 0.9,
      clipNorm: 100,
      validation: { evaluate, patience: 2 },
    });
    const whole = await trained(settings());
    for (const stopAt of [4]) {
      const controller = new AbortController();
      const first = await trained({
        ...settings(),
        signal: controller.signal,
        onProgress: ({ step }) => step === stopAt && controller.abort(),
      });
      expect(first.result).toMatchObject({ step: stopAt, interrupted: true });
      const second = await trained({ ...settings(), resume: first.snapshot });
      expect(second.result).toEqual({ ...whole.result, loss: second.result.loss });
      for (const [a, b] of [
        [second.weights, whole.weights],
        [second.snapshot.unet, whole.snapshot.unet],
        [second.snapshot.optimizer, whole.snapshot.optimizer],
        [second.snapshot.average!, whole.snapshot.average!],
        [second.snapshot.validation!.best.weights!, whole.snapshot.validation!.best.weights!],
      ]) {
        expect(bits(a)).toEqual(bits(b));
      }
      expect(second.snapshot.progress).toEqual(whole.snapshot.progress);
    }
  });
});

it('counts an epoch whose last step is the training’s last', async () => {
  expect((await trained({ steps: 6 })).result).toMatchObject({ step: 6, epoch: 2, batch: 0 });
  expect((await trained({ steps: 7 })).result).toMatchObject({ step: 7, epoch: 2, batch: 1 });
});

it('saves by the clock too, and says why it saves', async () => {
  const reasons: string[] = [];
  const { result } = await trained({
    epochs: 2,
    checkpoint: { every: 1, seconds: 1e-9, save: (_, reason) => void reasons.push(reason) },
  });
  expect(result.epoch).toBe(2);
  // the clock may be held back by what saving takes, the rest is certain
  expect(reasons.filter((reason) => reason !== 'time')).toEqual(['epoch', 'end']);
});

it('refuses settings that make no sense', async () => {
  const attempt = (options: Partial<TrainUNetOptions>) => trained(options);
  await expect(attempt({ epochs: 1, steps: 1 })).rejects.toThrow('needs either epochs or steps');
  await expect(attempt({ epochs: 1.5 })).rejects.toThrow('needs epochs >= 1, got 1.5');
  await expect(attempt({ microBatchSize: 0 })).rejects.toThrow('needs microBatchSize >= 1, got 0');
  await expect(attempt({ clipNorm: 0 })).rejects.toThrow('needs clipNorm > 0, got 0');
  await expect(attempt({ ema: 1 })).rejects.toThrow('needs ema in [0, 1), got 1');
  await expect(attempt({ maxTimestep: 1001 })).rejects.toThrow('needs maxTimestep in 1..1000, got 1001');
  await expect(attempt({ minTimestep: 250, maxTimestep: 250 })).rejects.toThrow(
    'needs minTimestep in 0..249, got 250',
  );
  await expect(attempt({ batches: [] })).rejects.toThrow('needs at least one batch');
  const { snapshot } = await trained({ steps: 1 });
  await expect(attempt({ steps: 2, resume: snapshot, seed: 9 })).rejects.toThrow(
    "needs the snapshot's seed 4",
  );
  await expect(attempt({ steps: 2, resume: snapshot, ema: 0.9 })).rejects.toThrow('needs ema left out');
});

it('names the step whose loss or gradient is not finite, and does not take it', async () => {
  await expectNoLeak(async () => {
    for (const [poison, microBatchSize] of [
      [Number.NaN, undefined],
      [Number.POSITIVE_INFINITY, undefined],
      [Number.NaN, 2],
    ]) {
      const { weights } = await trained({ steps: 4, microBatchSize });
      const unet = makeUnet();
      let call = 0;
      const poisoned = function* (epoch: number) {
        for (const batch of batches(epoch)) {
          if (call++ === 4) {
            const values = batch.dataSync().slice();
            values[7] = poison!;
            batch.dispose();
            yield tf.tensor4d(values, [5, 8, 8, 3]);
          } else yield batch;
        }
      };
      const saved: number[] = [];
      const training = trainUNet({
        unet,
        batches: poisoned,
        schedule,
        seed: 4,
        steps: 9,
        microBatchSize,
        checkpoint: { every: 1, save: ({ progress }) => void saved.push(progress.step) },
      });
      await expect(training).rejects.toThrow(/trainUNet: the loss is NaN at step 5, which was not taken/);
      expect(saved).toEqual([3]);
      expect(bits(await unet.stateDict())).toEqual(bits(weights));
      unet.dispose();
    }
  });
});

// tools/endurance/flat-training.mjs takes 2,000 steps, and looks at resident memory too
it('holds as many tensors and sessions after a hundred steps as after ten', async () => {
  const counts: unknown[] = [];
  await trained({
    steps: 100,
    onProgress: ({ step }) => {
      const { numTensors, numDataBuffers } = tf.memory();
      const { cachedSessions } = tf.engine().backend as unknown as { cachedSessions: number };
      if (step % 10 === 0) counts.push({ numTensors, numDataBuffers, cachedSessions });
    },
  });
  expect(counts).toHaveLength(10);
  for (const count of counts) expect(count).toEqual(counts[0]);
});

describe('batches with a channel of what counts', () => {
  /** The first loss, with what counts in the left `columns` of 8, or on the right of them. */
  async function firstLoss(counts?: (column: number) => boolean, microBatchSize?: number) {
    const withCounts = () =>
      [...batches(0)].map((x) => {
        if (!counts) return x;
        const column = tf.tensor1d(Array.from({ length: 8 }, (_, i) => (counts(i) ? 1 : -1)));
        const channel = tf.tile(tf.reshape(column, [1, 1, 8, 1]), [5, 8, 1, 1]);
        return tf.concat([x, channel], 3) as tf.Tensor4D;
      });
    const { losses } = await trained({
      ...{ batches: withCounts, steps: 1 },
      ...(microBatchSize && { microBatchSize }),
    });
    return losses[0]!;
  }

  it('adds up the errors there alone', async () => {
    const whole = await firstLoss();
    expect(await firstLoss(() => true)).toBeCloseTo(whole, 2);
    const [left, right] = [await firstLoss((i) => i < 3), await firstLoss((i) => i >= 3, 2)];
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(right);
    expect(Math.abs(left + right - whole)).toBeLessThan(1e-5 * whole);
    expect(await firstLoss(() => false)).toBe(0);
  });
});
