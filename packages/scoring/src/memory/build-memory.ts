import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import { chooseVectors } from './choose-vectors.js';
import { centre, embedPositions } from './embed-positions.js';
import type { Coreset, FeatureMemory } from './feature-memory.js';
import { type FeatureSource, type IncludePosition, samplePositions } from './feature-positions.js';
import { pickVectors } from './pick-vectors.js';
import { principalComponents } from './principal-components.js';

export interface CoresetOptions {
  /**
   * `greedy`: k-centre, as PatchCore's: the rare is kept, in less memory. `random`: a uniform sample.
   *
   * @default 'greedy'
   */
  method?: 'greedy' | 'random';
  /** Vectors kept at most: the memory's size, and what a search costs, are in proportion. @default 5000 */
  vectors?: number;
  /** Positions that a greedy choice is made from at most, a uniform sample of all. @default 50000 */
  candidates?: number;
}

export interface FeatureMemoryOptions {
  /** Of the good images. */
  features: FeatureSource;
  /** Which of the layers count, as indices. @default [1, 2], the second and third */
  layers?: readonly number[];
  coreset?: CoresetOptions;
  /**
   * Principal components that are kept of the joined features, and the length of what they leave out: a smaller, faster
   * memory.
   *
   * @default all channels as they are
   */
  components?: number;
  /** Scales each of the `components` to variance 1, and leaves out what is beside them. @default false */
  whiten?: boolean;
  /**
   * For parts that always lie alike: the distance that a shift by the whole side of the image counts as, in typical
   * distances of a feature to the mean of all. 10 tells places apart that are a tenth of the side from each other; 0
   * lets a feature be anywhere.
   *
   * @default 0
   */
  position?: number;
  /** Which positions are remembered. @default all */
  include?: IncludePosition;
  /** Of the sample and the projection. @default 0 */
  seed?: number;
}

/**
 * Remembers what good images look like (PatchCore, Roth et al. 2022, arXiv 2106.08265): the features of their positions
 * with their neighbourhood, of which a coreset is kept.
 *
 * The greedy coreset is chosen after a random projection to 128 columns of signs (Achlioptas 2003), which
 * keeps distances to about a tenth; PatchCore projects too.
 *
 * Needs `4 (vectors + 2 candidates) channels` bytes while it is built, whatever the number of images.
 *
 * @throws if there is no image, batches differ in shape, a value is not finite, or an option makes no sense
 */
export async function featureMemory(options: FeatureMemoryOptions): Promise<FeatureMemory> {
  const who = 'featureMemory';
  checkOptions(who, options, {
    ...{
      features: true,
      layers: true,
      coreset: true,
      components: true,
      whiten: true,
      position: true,
      include: true,
      seed: true,
    },
  });
  const {
    features,
    layers = [1, 2],
    coreset = {},
    components,
    whiten = false,
    position = 0,
    include,
    seed = 0,
  } = options;
  checkOptions(`${who}: coreset`, coreset, { method: true, vectors: true, candidates: true });
  const { method = 'greedy', vectors: limit = 5000, candidates = 50_000 } = coreset;
  checkWhole(who, { vectors: limit, candidates, ...(components === undefined ? {} : { components }) });
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new Error(`${who}: needs a whole seed >= 0, got ${seed}`);
  }
  if (!(position >= 0 && position < Number.POSITIVE_INFINITY)) {
    throw new Error(`${who}: needs a finite position >= 0, got ${position}`);
  }
  if (whiten && components === undefined) throw new Error(`${who}: needs components to whiten, got none`);
  const sampled = await samplePositions(features, {
    who,
    layers,
    seed,
    include,
    limit: method === 'random' ? limit : candidates,
  });
  const { imageCount, grid, channels } = sampled;
  if (components !== undefined && components > channels) {
    throw new Error(`${who}: needs at most ${channels} components, as many as channels, got ${components}`);
  }
  const mean = columnMeans(sampled.values, channels);
  centre(sampled.values, mean);
  let projection: Float32Array | undefined;
  if (components !== undefined) {
    const rows = embedPositions(sampled, { mean, residual: false, positionWeight: 0, grid });
    projection = await principalComponents(rows, { components, whiten, seed }).finally(() => rows.dispose());
  }
  const residual = projection !== undefined && !whiten && components! < channels;
  let rows = embedPositions(sampled, { mean, projection, residual, positionWeight: 0, grid });
  try {
    const positionWeight = position === 0 ? 0 : position * (await typicalNorm(rows));
    if (positionWeight > 0) {
      rows.dispose();
      rows = embedPositions(sampled, { mean, projection, residual, positionWeight, grid });
    }
    const choice: Coreset = { method, limit, candidates, seed, radius: 0 };
    const { chosen, radius } = await chooseVectors(rows, choice);
    return {
      ...(await pickVectors(rows, chosen, sampled)),
      imageCount,
      grid,
      layers: [...layers],
      mean,
      ...(projection && { projection }),
      residual,
      positionWeight,
      coreset: { ...choice, radius },
    };
  } finally {
    rows.dispose();
  }
}

function columnMeans(values: Float32Array, columns: number): Float32Array {
  const sums = new Float64Array(columns);
  for (let at = 0; at < values.length; at += columns) {
    for (let c = 0; c < columns; c++) sums[c] += values[at + c];
  }
  return Float32Array.from(sums, (sum) => sum / (values.length / columns));
}

/** The root of the mean squared norm. */
async function typicalNorm(rows: tf.Tensor2D): Promise<number> {
  const norm = tf.tidy(() => tf.sqrt(tf.mean(tf.sum(tf.square(rows), 1))));
  const [value] = await norm.data();
  norm.dispose();
  return value;
}

function checkWhole(who: string, numbers: Record<string, number>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new Error(`${who}: needs whole ${name} >= 1, got ${value}`);
    }
  }
}
