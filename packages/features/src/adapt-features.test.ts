import { startEngine } from '@ddad/nn';
import { expectNoLeak, testEngine, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AdaptationSnapshot, type AdaptFeaturesOptions, adaptFeatures } from './adapt-features.js';
import type { Backbone } from './backbone.js';

beforeAll(async () => void (await startEngine({ engine: testEngine, threads: 1 })));

/** The least that is a backbone: two convolutions of plain tfjs. */
function plainBackbone({ withClone }: { withClone: boolean }, values?: tf.Tensor[]): Backbone {
  const shapes = [
    [3, 3, 3, 4],
    [3, 3, 4, 6],
  ];
  const parameters = shapes.map((shape, i) =>
    tf.tidy(() => tf.variable(values?.[i].clone() ?? tf.tensor(uniform(`w${i}`, shape, 0.5), shape))),
  );
  const [a, b] = parameters as tf.Variable<tf.Rank.R4>[];
  const backbone: Backbone = {
    features: (x) =>
      tf.tidy(() => {
        const fine = tf.relu(tf.conv2d(x, a, 2, 'same'));
        return [fine, tf.relu(tf.conv2d(fine, b, 2, 'same'))];
      }),
    parameters,
    async loadStateDict(stateDict) {
      parameters.forEach((p, i) => {
        tf.tidy(() => p.assign(tf.tensor(stateDict.get(`${i}`)!.data as Float32Array, p.shape)));
      });
      return { missing: [], unexpected: [], misshapen: [] };
    },
    stateDict: async () =>
      new Map(
        await Promise.all(
          parameters.map(
            async (p, i) =>
              [
                `${i}`,
                { dtype: 'F32' as const, shape: p.shape, data: (await p.data()).slice() as Float32Array },
              ] as const,
          ),
        ),
      ),
    train() {},
    dispose: () => tf.dispose(parameters),
  };
  if (withClone) backbone.clone = () => plainBackbone({ withClone }, parameters);
  return backbone;
}

function* batches(epoch: number) {
  for (let i = 0; i < 2; i++)
    yield tf.tensor4d(uniform(`batch${epoch}.${i}`, [4, 12, 12, 3]), [4, 12, 12, 3]);
}

async function adapted(options: Partial<AdaptFeaturesOptions> & { withClone?: boolean } = {}) {
  const { withClone = true, ...rest } = options;
  const backbone = plainBackbone({ withClone });
  const losses: number[] = [];
  const snapshots: AdaptationSnapshot[] = [];
  const result = await adaptFeatures({
    backbone,
    reconstruct: async (input, target) => tf.tidy(() => tf.add(tf.mul(input, 0.5), tf.mul(target, 0.4))),
    batches,
    epochs: 3,
    learningRate: 1e-2,
    onProgress: ({ loss }) => losses.push(loss),
    checkpoint: { save: (snapshot) => void snapshots.push(snapshot) },
    ...rest,
  });
  const weights = await backbone.stateDict();
  backbone.dispose!();
  return { result, losses, snapshots, weights };
}

describe('adaptFeatures', () => {
  it('takes any backbone: without clone it remembers the parameters, with the same result', async () => {
    await expectNoLeak(async () => {
      const own = await adapted({ withClone: true, lambda: 0.5 });
      const remembered = await adapted({ withClone: false, lambda: 0.5 });
      expect(own.losses).toHaveLength(6);
      for (const [i, loss] of remembered.losses.entries()) {
        expect(Math.abs(loss - own.losses[i])).toBeLessThan(1e-6);
      }
      // the distance to the pretrained extractor is part of the loss
      const free = await adapted({ withClone: false, lambda: 0 });
      expect(Math.abs(free.losses[5] - remembered.losses[5])).toBeGreaterThan(1e-4);
    });
  });

  it('learns nothing of what a channel beside the image says does not count', async () => {
    const reconstruct = async (input: tf.Tensor4D, target: tf.Tensor4D) =>
      tf.tidy(() => tf.add<tf.Tensor4D>(tf.mul(input, 0.5), tf.mul(target, 0.4)));
    const counting = (where: (y: number, x: number) => boolean) => {
      const one = Float32Array.from({ length: 144 }, (_, i) => (where(Math.floor(i / 12), i % 12) ? 1 : -1));
      const counts = tf.tidy(() => tf.tile(tf.tensor4d(one, [1, 12, 12, 1]), [4, 1, 1, 1]));
      return {
        counts,
        *batches(epoch: number) {
          for (const batch of batches(epoch)) {
            yield tf.concat4d([batch, counts], 3);
            batch.dispose();
          }
        },
      };
    };
    await expectNoLeak(async () => {
      const plain = await adapted({ reconstruct });
      const everywhere = counting(() => true);
      expect(await adapted({ reconstruct, batches: everywhere.batches, channels: 3 })).toEqual(plain);
      const nowhere = counting(() => false);
      expect(await adapted({ reconstruct, batches: nowhere.batches, channels: 3 })).toEqual(
        await adapted({ reconstruct: async (_, target) => target.clone() }),
      );
      const left = counting((_, x) => x < 5);
      const byHand = async (input: tf.Tensor4D, target: tf.Tensor4D) => {
        const made = await reconstruct(input, target);
        const [whole, kept] = [await made.array(), await target.array()];
        made.dispose();
        return tf.tensor4d(
          whole.map((image, n) =>
            image.map((row, y) => row.map((pixel, x) => (x < 5 ? pixel : kept[n][y][x]))),
          ),
        );
      };
      const some = await adapted({ reconstruct, batches: left.batches, channels: 3 });
      expect(some).toEqual(await adapted({ reconstruct: byHand }));
      expect(some.losses).not.toEqual(plain.losses);
      tf.dispose([everywhere.counts, nowhere.counts, left.counts]);
    });
  });

  it('goes on bit for bit after any epoch', async () => {
    const whole = await adapted();
    expect(whole.snapshots.map(({ progress }) => progress)).toEqual([
      { step: 2, epoch: 1 },
      { step: 4, epoch: 2 },
      { step: 6, epoch: 3 },
    ]);
    for (const snapshot of whole.snapshots.slice(0, 2)) {
      const rest = await adapted({ resume: snapshot });
      expect(rest.weights).toEqual(whole.weights);
      expect(rest.losses).toEqual(whole.losses.slice(2 * snapshot.progress.epoch));
    }
  });

  it('refuses a snapshot of another network, leaving nothing behind', async () => {
    const { snapshots } = await adapted({ epochs: 1 });
    const optimizer = new Map([...snapshots[0].optimizer].slice(1));
    const backbone = plainBackbone({ withClone: true });
    await expectNoLeak(async () => {
      const adaptation = adaptFeatures({
        backbone,
        reconstruct: async (input) => input.clone(),
        batches,
        epochs: 2,
        resume: { ...snapshots[0], optimizer },
      });
      await expect(adaptation).rejects.toThrow('adaptFeatures: the state does not fit: 1 missing');
    });
    backbone.dispose!();
  });

  it('stops at the signal, also within a reconstruction', async () => {
    await expectNoLeak(async () => {
      const controller = new AbortController();
      let calls = 0;
      const { result, snapshots } = await adapted({
        signal: controller.signal,
        reconstruct: async (input) => {
          if (++calls === 4) {
            controller.abort();
            controller.signal.throwIfAborted();
          }
          return input.clone();
        },
      });
      expect(result).toMatchObject({ interrupted: true, epoch: 1, step: 3 });
      expect(snapshots).toHaveLength(1);
    });
  });

  it('changes nothing in no epochs, and refuses what cannot be', async () => {
    const { weights, losses } = await adapted({ epochs: 0 });
    const backbone = plainBackbone({ withClone: true });
    expect(weights).toEqual(await backbone.stateDict());
    backbone.dispose!();
    expect(losses).toEqual([]);
    await expect(adapted({ epochs: -1 })).rejects.toThrow('adaptFeatures: needs whole epochs >= 0, got -1');
    const single = tf.zeros<tf.Rank.R4>([1, 12, 12, 3]);
    await expect(adapted({ batches: [single] })).rejects.toThrow('needs batches of at least 2 images, got 1');
    single.dispose();
  });

  it('names the step whose loss is not finite, and does not take it', async () => {
    await expectNoLeak(async () => {
      const { snapshots } = await adapted({ epochs: 1 });
      let calls = 0;
      const backbone = plainBackbone({ withClone: true });
      const adaptation = adaptFeatures({
        backbone,
        reconstruct: async (input, target) =>
          tf.tidy(() =>
            tf.mul(
              tf.add(tf.mul(input, 0.5), tf.mul(target, 0.4)),
              ++calls === 3 ? Number.POSITIVE_INFINITY : 1,
            ),
          ),
        batches,
        epochs: 3,
        learningRate: 1e-2,
      });
      await expect(adaptation).rejects.toThrow(
        /adaptFeatures: the loss is NaN at step 3, which was not taken/,
      );
      const left = await backbone.stateDict();
      for (const [name, { data }] of snapshots[0].backbone) expect(left.get(name)!.data).toEqual(data);
      backbone.dispose!();
    });
  });
});
