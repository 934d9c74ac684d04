import { expectNoLeak, gauss, relativeError, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { compile, initOrt } from 'tfjs-backend-ort';
import { beforeAll, describe, expect, it } from 'vitest';
import { addToMemory } from './add-to-memory.js';
import { type FeatureMemoryOptions, featureMemory } from './build-memory.js';
import type { FeatureMemory } from './feature-memory.js';
import { loadMemory } from './load-memory.js';
import { memoryDistance } from './memory-distance.js';
import { nearestInMemory } from './nearest-in-memory.js';
import { patchFeatures } from './patch-features.js';
import { removeFromMemory } from './remove-from-memory.js';
import { reweightedScore } from './reweighted-score.js';

const [h, w, channels] = [4, 5, 7];
const size: [number, number] = [8, 10];

/** Two layers of features of an image: 3 and 4 channels. */
const image = (name: string) =>
  tf.tidy(() => [
    tf.tensor4d(uniform(`${name}.a`, [1, h, w, 3]), [1, h, w, 3]),
    tf.tensor4d(uniform(`${name}.b`, [1, 2, 3, 4]), [1, 2, 3, 4]),
  ]);

/** Features of the named images, in batches of so many. */
function* source(names: string[], batch = 1) {
  for (let at = 0; at < names.length; at += batch) {
    const features = tf.tidy(() => {
      const images = names.slice(at, at + batch).map((name) => image(name));
      return [0, 1].map((layer) => tf.concat(images.map((each) => each[layer])) as tf.Tensor4D);
    });
    try {
      yield features;
    } finally {
      tf.dispose(features);
    }
  }
}

const build = (names: string[], options: Partial<FeatureMemoryOptions> = {}) =>
  featureMemory({ features: source(names), layers: [0, 1], seed: 3, ...options });

/** Patches [positions, channels] of an image, and the place of each as fractions of the side. */
function patchesOf(name: string) {
  const values = tf.tidy(() => patchFeatures(image(name), [0, 1]).dataSync());
  return Array.from({ length: h * w }, (_, p) => ({
    vector: [...values.subarray(p * channels, (p + 1) * channels)],
    place: [(Math.floor(p / w) + 0.5) / h, ((p % w) + 0.5) / w],
  }));
}
type Patch = ReturnType<typeof patchesOf>[number];

const euclidean = (a: Patch, b: Patch, weight = 0) =>
  Math.sqrt(
    a.vector.reduce((sum, x, i) => sum + (x - b.vector[i]) ** 2, 0) +
      a.place.reduce((sum, x, i) => sum + (weight * (x - b.place[i])) ** 2, 0),
  );

const good = ['a', 'b', 'c', 'd', 'e', 'f'];
const remembered = good.flatMap(patchesOf);

async function distances(memory: FeatureMemory, name: string): Promise<Float32Array> {
  const features = image(name);
  const loaded = loadMemory(memory);
  const near = tf.tidy(() => nearestInMemory(loaded, features).distance);
  const values = (await near.data()) as Float32Array;
  loaded.dispose();
  tf.dispose([near, features]);
  return values;
}

describe.each(['ort', 'cpu'])('a feature memory on %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'ort') await initOrt({ threads: 1 });
    else await tf.setBackend(backend);
  });

  it('that keeps all gives the distance to the nearest of all, rotated or not', () =>
    expectNoLeak(async () => {
      for (const options of [{}, { components: channels }]) {
        const memory = await build(good, options);
        expect(memory).toMatchObject({ imageCount: 6, grid: [h, w], dimension: channels });
        expect([...memory.images]).toEqual(good.flatMap((_, i) => Array(h * w).fill(i)));
        const expected = patchesOf('x').map((q) => Math.min(...remembered.map((m) => euclidean(q, m))));
        expect(relativeError(await distances(memory, 'x'), expected)).toBeLessThan(1e-5);
        // an image it was given is at no distance, which a difference of squares would not show
        expect(Math.max(...(await distances(memory, 'c')))).toBeLessThan(1e-5);
      }
    }));

  it('by principal components alone is a little below the distance by all, thanks to the length of the rest', () =>
    expectNoLeak(async () => {
      const memory = await build(good, { components: 3 });
      expect(memory.dimension).toBe(4);
      const { mean, projection } = memory;
      const split = ({ vector }: Patch) => {
        const centred = vector.map((x, c) => x - mean[c]);
        const within = [0, 1, 2].map((k) =>
          centred.reduce((sum, x, c) => sum + x * projection![3 * c + k], 0),
        );
        const rest = centred.reduce((sum, x) => sum + x * x, 0) - within.reduce((sum, x) => sum + x * x, 0);
        return { within, all: [...within, Math.sqrt(rest)] };
      };
      const found = await distances(memory, 'x');
      for (const [i, q] of patchesOf('x').entries()) {
        const nearest = (columns: 'within' | 'all') =>
          Math.min(
            ...remembered.map((m) =>
              Math.hypot(...split(q)[columns].map((x, k) => x - split(m)[columns][k])),
            ),
          );
        expect(relativeError([found[i]], [nearest('all')])).toBeLessThan(1e-4);
        expect(found[i]).toBeGreaterThan(nearest('within'));
        expect(found[i]).toBeLessThan(Math.min(...remembered.map((m) => euclidean(q, m))));
      }
    }));

  it('looks near the same place where position counts', () =>
    expectNoLeak(async () => {
      const memory = await build(good, { position: 2 });
      const mean = Array.from({ length: channels }, (_, c) => avg(remembered.map(({ vector }) => vector[c])));
      const norms = remembered.map(({ vector }) => vector.reduce((sum, x, c) => sum + (x - mean[c]) ** 2, 0));
      const weight = 2 * Math.sqrt(avg(norms));
      expect(memory.positionWeight).toBeCloseTo(weight, 4);
      const expected = patchesOf('x').map((q) => Math.min(...remembered.map((m) => euclidean(q, m, weight))));
      expect(relativeError(await distances(memory, 'x'), expected)).toBeLessThan(1e-5);
    }));

  it('whitened is blind to how the channels are mixed', () =>
    expectNoLeak(async () => {
      const mixing = tf.tensor4d(gauss('mixing', [3, 3]), [1, 1, 3, 3]);
      const map = async (mix: (layer: tf.Tensor4D) => tf.Tensor4D) => {
        const layers = [...good, 'x'].map((name) => tf.tidy(() => [mix(image(name)[0])]));
        const options = { layers: [0], components: 3, whiten: true };
        const memory = await featureMemory({ features: layers.slice(0, -1), ...options });
        const distance = memoryDistance(memory, layers.at(-1)!, { size });
        const values = await distance.data();
        tf.dispose([layers, distance]);
        return values;
      };
      const mixed = await map((layer) => tf.conv2d(layer, mixing, 1, 'valid'));
      expect(relativeError(mixed, await map((layer) => layer.clone()))).toBeLessThan(1e-3);
      mixing.dispose();
    }));

  it('chosen greedily covers all within its radius, and far better than a sample', () =>
    expectNoLeak(async () => {
      const farthest = (memory: FeatureMemory) =>
        Math.max(...remembered.map((q) => Math.min(...kept(memory).map((m) => euclidean(q, m)))));
      const greedy = await build(good, { coreset: { vectors: 60 } });
      expect(greedy.images).toHaveLength(60);
      expect(greedy.coreset.radius).toBeCloseTo(farthest(greedy), 4);
      const random = await build(good, { coreset: { method: 'random', vectors: 60 } });
      expect(random.images).toHaveLength(60);
      expect(farthest(random)).toBeGreaterThan(1.3 * farthest(greedy));
      // of a sample of 90 positions: covers those, not all
      const sampled = await build(good, { coreset: { vectors: 60, candidates: 90 } });
      expect(sampled.images).toHaveLength(60);
      expect(sampled.coreset.radius).toBeLessThan(farthest(sampled));
    }));

  it('does not depend on how images are put into batches', () =>
    expectNoLeak(async () => {
      const options = { layers: [0, 1], coreset: { vectors: 40 } };
      const one = await featureMemory({ features: source(good, 1), ...options });
      const many = await featureMemory({ features: source(good, 4), ...options });
      expect(many.images).toEqual(one.images);
      expect(many.positions).toEqual(one.positions);
      expect(relativeError(many.vectors, one.vectors)).toBeLessThan(1e-6);
    }));

  it('takes further images: a sample becomes that of all together', () =>
    expectNoLeak(async () => {
      const coreset = { method: 'random', vectors: 50 } as const;
      const all = await build(good, { coreset });
      const grown = await addToMemory(await build(good.slice(0, 2), { coreset }), {
        features: source(good.slice(2), 3),
      });
      expect(grown.imageCount).toBe(6);
      expect(grown.images).toEqual(all.images);
      expect(grown.positions).toEqual(all.positions);
      expect(relativeError(await distances(grown, 'x'), await distances(all, 'x'))).toBeLessThan(1e-5);
    }));

  it('takes further images: a greedy choice grows until they are covered too, and not beyond its limit', () =>
    expectNoLeak(async () => {
      const memory = await build(good, { coreset: { vectors: 60 } });
      const roomy = { ...memory, coreset: { ...memory.coreset, limit: 200 } };
      const { radius } = memory.coreset;
      const before = Math.max(...(await distances(memory, 'x')));
      expect(before).toBeGreaterThan(radius);
      const grown = await addToMemory(roomy, { features: source(['x']) });
      expect(Math.max(...(await distances(grown, 'x')))).toBeLessThanOrEqual(radius * (1 + 1e-5));
      expect(grown.coreset.radius).toBe(radius);
      expect(grown.vectors.slice(0, memory.vectors.length)).toEqual(memory.vectors);
      const added = grown.images.length - 60;
      expect(added).toBeGreaterThan(0);
      expect([...grown.images.slice(60)]).toEqual(Array(added).fill(6));
      // what is known already adds nothing
      const same = await addToMemory(grown, { features: source(['x', 'a']) });
      expect(same.vectors).toEqual(grown.vectors);
      expect(same.imageCount).toBe(9);
      const full = await addToMemory(memory, { features: source(['x', 'y', 'z']) });
      expect(full.images).toHaveLength(60);
      expect(full.coreset.radius).toBeGreaterThan(radius);
      expect([...full.images].some((number) => number > 5)).toBe(true);
    }));

  it('forgets images, and does not know them any more', () =>
    expectNoLeak(async () => {
      const memory = await build(good);
      const without = removeFromMemory(memory, [1, 4]);
      expect([...new Set(without.images)]).toEqual([0, 2, 3, 5]);
      const rest = await build(good.filter((_, i) => i !== 1 && i !== 4));
      for (const name of ['b', 'x']) {
        expect(relativeError(await distances(without, name), await distances(rest, name))).toBeLessThan(1e-5);
      }
      expect(Math.max(...(await distances(without, 'b')))).toBeGreaterThan(0.1);
      expect(Math.max(...(await distances(without, 'a')))).toBeLessThan(1e-5);
      const again = await addToMemory(without, { features: source(['b']) });
      expect(Math.max(...(await distances(again, 'b')))).toBeLessThan(1e-5);
      expect(again.imageCount).toBe(7);
      const empty = removeFromMemory(memory, [0, 1, 2, 3, 4, 5]);
      expect(() => loadMemory(empty)).toThrow('needs a memory of at least one vector');
      expect((await addToMemory(empty, { features: source(['b']) })).images).toHaveLength(h * w);
      expect(() => removeFromMemory(memory, [6])).toThrow('removeFromMemory: needs images 0..5, got 6');
    }));

  it('weighs the image score by how rare the nearest is, as PatchCore does', () =>
    expectNoLeak(async () => {
      const memory = await build(good);
      const features = tf.tidy(() => [0, 1].map((k) => tf.concat([image('x')[k], image('y')[k]])));
      const loaded = loadMemory(memory);
      const scores = tf.tidy(() => {
        const nearest = nearestInMemory(loaded, features as tf.Tensor4D[]);
        return [reweightedScore(loaded, nearest), reweightedScore(loaded, nearest, { neighbours: 500 })];
      });
      for (const [k, neighbours] of [9, remembered.length].entries()) {
        const expected = ['x', 'y'].map((name) => {
          const nearest = patchesOf(name).map((q) => {
            const sorted = [...remembered].sort((a, b) => euclidean(q, a) - euclidean(q, b));
            return { q, m: sorted[0], distance: euclidean(q, sorted[0]) };
          });
          const { q, m, distance } = nearest.reduce((a, b) => (b.distance > a.distance ? b : a));
          const around = [...remembered]
            .sort((a, b) => euclidean(m, a) - euclidean(m, b))
            .slice(0, neighbours);
          const sum = around.reduce((total, other) => total + Math.exp(euclidean(q, other)), 0);
          return distance * (1 - Math.exp(distance) / sum);
        });
        expect(relativeError(await scores[k].data(), expected)).toBeLessThan(1e-5);
      }
      expect(() => reweightedScore(loaded, {} as never, { neighbours: 1 })).toThrow(
        'needs whole neighbours >= 2, got 1',
      );
      loaded.dispose();
      tf.dispose([features, scores]);
    }));
});

/** The patches that a memory of `good` keeps. */
function kept({ images, positions }: FeatureMemory): Patch[] {
  return [...images].map((number, i) => remembered[number * h * w + positions[i]]);
}

const avg = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

it('is searched in one compiled graph with what comes before', async () => {
  await initOrt({ threads: 1 });
  await expectNoLeak(async () => {
    const memory = await build(good, { components: 5, position: 1 });
    const features = image('x');
    const eager = memoryDistance(memory, features, { size });
    const loaded = loadMemory(memory);
    const search = compile(
      (...features: tf.Tensor4D[]) => {
        const nearest = nearestInMemory(loaded, features);
        return { map: memoryDistance(loaded, features, { size }), score: reweightedScore(loaded, nearest) };
      },
      { freeze: loaded.variables },
    );
    const found = await search(...features);
    expect(found.map.shape).toEqual([1, ...size, 1]);
    expect(relativeError(await found.map.data(), await eager.data())).toBeLessThan(1e-5);
    expect((await found.score.data())[0]).toBeGreaterThan(0);
    search.dispose();
    loaded.dispose();
    tf.dispose([features, eager, found.map, found.score]);
  });
});

it('refuses what it cannot remember', async () => {
  await initOrt({ threads: 1 });
  await expectNoLeak(async () => {
    await expect(build([])).rejects.toThrow('featureMemory: needs the features of at least one image');
    await expect(build(good, { layers: [2] })).rejects.toThrow('needs layer 2, got features of 2 layers');
    await expect(build(good, { coreset: { vectors: 0 } })).rejects.toThrow('needs whole vectors >= 1, got 0');
    await expect(build(good, { components: 8 })).rejects.toThrow('at most 7 components, as many as channels');
    await expect(build(good, { whiten: true })).rejects.toThrow('needs components to whiten');
    await expect(build(good, { position: -1 })).rejects.toThrow('needs a finite position >= 0, got -1');
    await expect(build(good, { seed: 0.5 })).rejects.toThrow('needs a whole seed >= 0, got 0.5');
    const other = tf.tidy(() => [tf.zeros([1, 3, 3, 3]), tf.zeros([1, 2, 2, 4])] as tf.Tensor4D[]);
    const known = image('a');
    await expect(featureMemory({ features: [known, other], layers: [0, 1] })).rejects.toThrow(
      'featureMemory: image 1 has features [3,3,7], those before it [4,5,7]',
    );
    const broken = tf.tidy(() => image('a').map((layer) => tf.div(layer, 0) as tf.Tensor4D));
    await expect(featureMemory({ features: [known, broken], layers: [0, 1] })).rejects.toThrow(
      'image 1 has a feature that is not finite',
    );
    const memory = await build(good);
    await expect(addToMemory(memory, { features: [other] })).rejects.toThrow(
      "addToMemory: needs features [4,5,7] as the memory's, got [3,3,7]",
    );
    const narrow = tf.tidy(() => image('a').map((layer) => tf.slice(layer, 0, [1, 2, 2, 3]) as tf.Tensor4D));
    expect(() => memoryDistance(memory, narrow, { size })).toThrow(
      "nearestInMemory: needs features of 7 channels, as the memory's, got 6",
    );
    tf.dispose([other, known, broken, narrow]);
  });
});

it('remembers the positions that are included alone, of images that join later too', async () => {
  const numbers = new Set<number>();
  const include = (image: number, position: number, grid: readonly [number, number]) => {
    expect(grid).toEqual([h, w]);
    numbers.add(image);
    return image !== 1 && position % 2 === 0;
  };
  const coreset = { vectors: 1000 };
  const memory = await build(['a', 'b'], { coreset, include });
  expect([...memory.images]).toEqual(Array.from({ length: (h * w) / 2 }, () => 0));
  expect([...memory.positions]).toEqual(Array.from({ length: (h * w) / 2 }, (_, i) => 2 * i));
  const more = await addToMemory(memory, { features: source(['c']), include });
  expect([...new Set(more.images)]).toEqual([0, 2]);
  expect([...more.positions].every((position) => position % 2 === 0)).toBe(true);
  expect([...numbers]).toEqual([0, 1, 2]);
  await expect(build(['a'], { include: () => false })).rejects.toThrow(
    'include leaves no position of any image',
  );
});
