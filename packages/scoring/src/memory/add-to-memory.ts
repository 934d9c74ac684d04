import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { type Choice, chooseFurther, chooseVectors } from './choose-vectors.js';
import { centre, embedPositions } from './embed-positions.js';
import type { FeatureMemory } from './feature-memory.js';
import { type FeatureSource, type IncludePosition, samplePositions } from './feature-positions.js';
import { lowestHashes } from './lowest-hashes.js';
import { pickVectors } from './pick-vectors.js';

/**
 * The memory with further good images, numbered on from those it has had. A greedy memory takes vectors until every
 * position of theirs is as near to one as the old ones are; where its limit is reached before, all are chosen anew. A
 * random one becomes the sample that old and new images together would have given.
 *
 * @throws if there is no image, a value is not finite, or the features have another shape than the memory's
 */
export async function addToMemory(
  memory: FeatureMemory,
  options: { features: FeatureSource; include?: IncludePosition },
): Promise<FeatureMemory> {
  const who = 'addToMemory';
  checkOptions(who, options, { features: true, include: true });
  const { coreset, grid, layers, mean } = memory;
  const { method, seed } = coreset;
  const limit = method === 'random' ? coreset.limit : coreset.candidates;
  const added = await samplePositions(options.features, {
    who,
    layers,
    seed,
    limit,
    from: memory.imageCount,
    include: options.include,
  });
  if (added.grid.join() !== grid.join() || added.channels !== mean.length) {
    throw new Error(
      `${who}: needs features [${[...grid, mean.length]}] as the memory's, got [${[...added.grid, added.channels]}]`,
    );
  }
  centre(added.values, mean);
  const rows = embedPositions(added, memory);
  const kept = tf.tensor2d(memory.vectors, [memory.images.length, memory.dimension]);
  const all = tf.tidy(() => tf.concat([kept, rows]) as tf.Tensor2D);
  try {
    const from = {
      images: joined(memory.images, added.images),
      positions: joined(memory.positions, added.positions),
    };
    const { chosen, radius } =
      method === 'random'
        ? { chosen: lowestHashes(from, coreset), radius: 0 }
        : await chooseGreedily({ all, kept, rows }, coreset);
    return {
      ...memory,
      ...(await pickVectors(all, chosen, from)),
      imageCount: added.imageCount,
      coreset: { ...coreset, radius },
    };
  } finally {
    tf.dispose([rows, kept, all]);
  }
}

async function chooseGreedily(
  { all, kept, rows }: { all: tf.Tensor2D; kept: tf.Tensor2D; rows: tf.Tensor2D },
  coreset: FeatureMemory['coreset'],
): Promise<Choice> {
  const { seed, radius, limit } = coreset;
  const count = kept.shape[0];
  if (count > 0) {
    const further = await chooseFurther(rows, kept, { seed, radius, count: limit - count });
    if (further.radius <= radius || all.shape[0] <= limit) {
      const chosen = Int32Array.from({ length: count + further.chosen.length }, (_, i) =>
        i < count ? i : count + further.chosen[i - count],
      );
      return { chosen, radius };
    }
  }
  return chooseVectors(all, coreset);
}

function joined(a: Int32Array, b: Int32Array): Int32Array {
  const out = new Int32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
