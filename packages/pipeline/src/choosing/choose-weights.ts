import type { Config, Distances, Scorer, TaskOptions, Terms, TermWeights } from '@ddad/detector';
import { aupro, auroc } from '@ddad/metrics';
import { deriveSeed } from '@ddad/nn';
import { pasteDefect } from './paste-defect.js';

/** Weights that are tried for the distances of DDAD beside a memory of weight 1, and the other way round. */
const shares = [0, 0.125, 0.25, 0.5, 1];

/** So much better must a term make the mean of the three metrics to be taken in. */
const worthwhile = 0.002;

/** Images that defects are pasted into, at most, and defective pictures of each. */
const mostImages = 16;
const perImage = 2;

export interface ChooseWeightsOptions extends TaskOptions {
  config: Config;
  scorer: Scorer;
  /** Good images, resized, interleaved bytes, in the order of `good`. */
  images: readonly Uint8Array[];
  /** The memory has seen the images. */
  sharedWithTraining: boolean;
}

/** Weights, and how well they tell good images from those with made-up defects. */
export interface ChosenWeights {
  weights: TermWeights;
  /** Mean of image AUROC, pixel AUROC and AUPRO, of the chosen weights and of the memory alone. */
  quality: number;
}

/**
 * The weights that best find defects pasted into good images that the networks have not seen: real defects are never
 * looked at. Those that `scoring.weights` gives stay as they are.
 *
 * @param good distances of the images
 */
export async function chooseWeights(
  good: readonly Distances[],
  scales: Terms,
  { config, scorer, images, sharedWithTraining, ...task }: ChooseWeightsOptions,
): Promise<TermWeights> {
  const names = Object.keys(scales) as (keyof Terms)[];
  const given = config.scoring.weights;
  const open = names.filter((name) => given[name] === null);
  const fixed = Object.fromEntries(names.map((name) => [name, given[name] ?? 1]));
  if (names.length < 2 || open.length === 0) return fixed;

  const size = config.data.imageSize;
  const count = Math.min(images.length, mostImages);
  const pasted = Array.from({ length: count * perImage }, (_, i) => {
    const own = i % count;
    return pasteDefect(images[own], {
      size,
      other: images[(own + 1 + Math.floor(i / count)) % images.length],
      seed: deriveSeed(config.seed, i),
    });
  });
  const distances = await scorer.distances(
    pasted.map(({ image }) => image),
    {
      ...task,
      phase: 'choose',
      ...(sharedWithTraining && { leaveOut: pasted.map((_, i) => i % count) }),
    },
  );
  const masks = pasted.map(({ mask }) => mask.map((value) => (value ? 1 : 0)));
  const empty = new Uint8Array(size * size);
  const quality = async (weights: TermWeights) => {
    const terms = Object.fromEntries(
      names.map((name) => [name, { ...scales[name]!, weight: weights[name]! }]),
    );
    const scored = await scorer.maps([...good.slice(0, count), ...distances], { terms });
    const labels = scored.map((_, i) => (i < count ? 0 : 1));
    const truth = concat(scored.map((_, i) => (i < count ? empty : masks[i - count])));
    const maps = concat(scored.map(({ map }) => map));
    const shape = [scored.length, size, size] as const;
    return (
      (auroc(
        labels,
        scored.map(({ score }) => score),
      ) +
        auroc(truth, maps) +
        aupro(truth, maps, { shape })) /
      3
    );
  };
  let best: { weights: TermWeights; quality: number } | undefined;
  for (const candidate of candidates(names)) {
    const weights = { ...fixed, ...Object.fromEntries(open.map((name) => [name, candidate[name]])) };
    const reached = await quality(weights);
    if (!best || reached > best.quality + worthwhile) best = { weights, quality: reached };
  }
  return best!.weights;
}

/** From the simplest on: one that is not better than a simpler one is not taken. */
function candidates(names: readonly (keyof Terms)[]): TermWeights[] {
  const hasMemory = names.includes('memory');
  const out: TermWeights[] = [];
  if (hasMemory) out.push({ memory: 1, pixel: 0, feature: 0 });
  for (const memory of hasMemory ? [1, 0] : [0]) {
    for (const feature of shares) {
      for (const pixel of shares) if (pixel + feature > 0) out.push({ memory, feature, pixel });
    }
  }
  return out;
}

function concat<T extends Uint8Array | Float32Array>(parts: readonly T[]): T {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new (parts[0].constructor as new (length: number) => T)(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
