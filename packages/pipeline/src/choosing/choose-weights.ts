import type { Config, Distances, FoundScales, Scorer, TaskOptions, Terms, TermWeights } from '@ddad/detector';
import { aupro, auroc } from '@ddad/metrics';
import { deriveSeed } from '@ddad/nn';
import { pasteDefect } from './paste-defect.js';
import { pickWeights } from './pick-weights.js';
import { separation } from './separation.js';
import { memoryAlone, weightCandidates } from './weight-candidates.js';

/** Every so many rows and columns of the maps are measured. */
const every = 2;

/** Images that defects are pasted into, at most, and defective pictures in all. */
const mostImages = 16;
const defective = 48;

export interface ChooseWeightsOptions extends TaskOptions {
  config: Config;
  scorer: Scorer;
  /** Good images, resized, interleaved bytes, in the order of `good`. */
  images: readonly Uint8Array[];
  /** Of images that the memory has seen, the number of each in it. @default compare with all */
  leaveOut?: readonly number[];
}

/**
 * Weights by which defects pasted into good images are found: real defects are never looked at. The usual ones, less where those
 * would blur which images are good, or others that find clearly more. Those that `scoring.weights` gives stay as they are.
 *
 * @param good distances of the images
 */
export async function chooseWeights(
  good: readonly Distances[],
  { scales, change }: FoundScales,
  { config, scorer, images, leaveOut, onNotice, ...task }: ChooseWeightsOptions,
): Promise<TermWeights> {
  const names = Object.keys(scales) as (keyof Terms)[];
  const given = config.scoring.weights;
  const open = names.filter((name) => given[name] === null);
  const fixed = Object.fromEntries(names.map((name) => [name, given[name] ?? 1]));
  if (names.length < 2 || open.length === 0) return fixed;

  const size = config.data.imageSize;
  const count = Math.min(images.length, mostImages);
  const pasted = Array.from({ length: Math.ceil(defective / count) * count }, (_, i) => {
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
      ...(change !== null && { change }),
      masks: pasted.map((_, i) => good[i % count].mask),
      ...(leaveOut && { leaveOut: pasted.map((_, i) => leaveOut[i % count]) }),
    },
  );
  const all = [...good.slice(0, count), ...distances];
  // sum and blur are linear: each term is blurred once, and the sums are made here
  const maps = new Map<keyof Terms, Float32Array>();
  for (const name of names) {
    const scored = await scorer.maps(all, { terms: { [name]: { ...scales[name]!, weight: 1 } } });
    maps.set(name, concat(scored.map(({ map }) => thinned(map, size))));
  }
  const labels = all.map((_, i) => (i < count ? 0 : 1));
  const side = Math.ceil(size / every);
  const area = side * side;
  const truth = new Uint8Array(all.length * area);
  pasted.forEach(({ mask }, i) => {
    truth.set(
      thinned(mask, size).map((value) => (value ? 1 : 0)),
      (count + i) * area,
    );
  });
  const sumOf = (weights: TermWeights) => {
    const sum = new Float32Array(all.length * area);
    for (const [name, map] of maps) {
      const weight = weights[name]!;
      if (weight > 0) for (let i = 0; i < sum.length; i++) sum[i] += weight * map[i];
    }
    return sum;
  };
  const scoresOf = (sum: Float32Array) =>
    labels.map((_, i) => sum.subarray(i * area, (i + 1) * area).reduce((a, b) => Math.max(a, b)));
  const apart = (scores: readonly number[]) =>
    separation({ good: scores.slice(0, count), defective: scores.slice(count) });
  const measured = (candidate: TermWeights) => {
    const weights = { ...fixed, ...Object.fromEntries(open.map((name) => [name, candidate[name]])) };
    const sum = sumOf(weights);
    const scores = scoresOf(sum);
    const regions = aupro(truth, sum, { shape: [all.length, side, side] });
    return {
      weights,
      metrics: [auroc(labels, scores), auroc(truth, sum), regions],
      separation: apart(scores),
    };
  };
  const { usual, others } = weightCandidates(names);
  const hasMemory = names.includes('memory');
  const picked = pickWeights(
    { usual: usual.map(measured), others: others.map(measured) },
    hasMemory ? apart(scoresOf(sumOf(memoryAlone))) : Number.NaN,
  );
  if (hasMemory && open.some((name) => name !== 'memory') && !picked.pixel && !picked.feature) {
    onNotice?.(
      'the score is that of the memory alone: with what the UNet sees, defects that were pasted into good images stand out less ' +
        'from the good ones; `scoring.weights` gives it a share all the same',
    );
  }
  return picked;
}

/** What of a square map is measured. */
function thinned<T extends Uint8Array | Float32Array>(values: T, size: number): T {
  const side = Math.ceil(size / every);
  const out = new (values.constructor as new (length: number) => T)(side * side);
  for (let y = 0, at = 0; y < size; y += every) {
    for (let x = 0; x < size; x += every, at++) out[at] = values[y * size + x];
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
