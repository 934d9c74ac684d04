import { conformalGuarantee, distanceRatio, scoreThreshold, termScale } from '@ddad/scoring';
import { asUserError } from './as-user-error.js';
import type { Config } from './config.js';
import type { DetectorCalibration } from './manifest.js';
import type { PreparedImage } from './prepare-image.js';
import type { Normalization, Terms } from './scoring/combine.js';
import { type Distances, distanceNames } from './scoring/distances.js';
import { typicalDistances, typicalOf } from './scoring/foreign.js';
import { scorePicture } from './scoring/score-picture.js';
import type { Scorer } from './scoring/scorer.js';
import type { TaskOptions } from './task-options.js';

/** How much each distance counts in the sum. */
export type TermWeights = Partial<Record<(typeof distanceNames)[number], number>>;

/** What good images have said before the terms are weighed. */
export interface FoundScales {
  scales: Terms;
  /** For `Scorer.distances`. */
  change: number | null;
}

/** A picture that a detector with `data.tiles` is calibrated with. */
export interface CalibrationPicture {
  image: PreparedImage;
  /** What of its map is judged. @default all */
  mask?: Uint8Array;
  /** Its number in the memory, where that has seen it. */
  leaveOut?: number;
}

/** Pictures, read one by one as often as they are asked for. */
export interface CalibrationPictures {
  count: number;
  read(): AsyncIterable<CalibrationPicture>;
}

export interface CalibrateWithOptions extends TaskOptions {
  config: Config;
  /** The networks and the memory have seen the images, all and in this order. */
  sharedWithTraining: boolean;
  /** Of images that the memory has seen, the number of each in it. @default their places, with `sharedWithTraining` */
  leaveOut?: readonly number[];
  /**
   * For a detector with `data.tiles`: the pictures, of which the images are some of the tiles. Scales come from the tiles, scores
   * and the threshold from the pictures.
   */
  pictures?: CalibrationPictures;
  /** Of each image, what of it is judged. @default all */
  masks?: readonly (Uint8Array | undefined)[];
  /**
   * With `scoring.normalization: robust`: the weights of the terms, given what good images measure.
   *
   * @default 1 for each distance there is
   */
  weights?: (good: readonly Distances[], found: FoundScales) => TermWeights | Promise<TermWeights>;
}

/**
 * Scores good images and sets scales and threshold from them. With `scoring.normalization: batch` the scores of the
 * threshold are those of the reference's batches.
 *
 * @param images resized, interleaved bytes
 */
export async function calibrateWith(
  scorer: Scorer,
  images: readonly Uint8Array[],
  {
    config,
    sharedWithTraining,
    leaveOut = sharedWithTraining ? images.map((_, i) => i) : undefined,
    masks,
    pictures,
    weights,
    ...task
  }: CalibrateWithOptions,
): Promise<DetectorCalibration> {
  const { normalization } = config.scoring;
  const change = await scorer.change(images, task);
  const distances = await scorer.distances(images, {
    ...task,
    ...(change !== null && { change }),
    phase: 'calibrate',
    leaveOut,
    masks,
  });
  let ratio: number | null = null;
  let terms: Terms | null = null;
  if (normalization === 'robust') {
    const scales = await scalesOf(scorer, distances);
    const chosen = (await weights?.(distances, { scales, change })) ?? {};
    terms = Object.fromEntries(
      Object.entries(scales).map(([name, term]) => [
        name,
        { ...term, weight: chosen[name as keyof Terms] ?? 1 },
      ]),
    );
  } else {
    ratio = distanceRatio({
      pixelMaxima: distances.map(({ pixel }) => largest(pixel!)),
      featureMaxima: distances.map(({ feature }) => largest(feature!)),
    });
  }
  const found = { ratio, terms, change, sharedWithTraining };
  const combined = terms ? { terms } : normalization === 'batch' ? 'batch' : { ratio: ratio! };
  if (pictures) {
    const scored = await scoresOfPictures(scorer, pictures, { ...task, config, combined, change });
    return calibrationOf(found, { ...scored, config });
  }
  const maps = await scorer.maps(distances, combined);
  const scores = maps.map(({ score }) => score);
  return calibrationOf(found, { scores, config, typical: typicalDistances(distances) });
}

/** Scores and typical distances of pictures in tiles. */
export async function scoresOfPictures(
  scorer: Scorer,
  pictures: CalibrationPictures,
  {
    config,
    combined: normalization,
    change,
    onProgress,
    signal,
  }: TaskOptions & { config: Config; combined: Normalization; change: number | null },
): Promise<{ scores: number[]; typical: number[] }> {
  const scores: number[] = [];
  const typical: number[] = [];
  for await (const { image, mask, leaveOut } of pictures.read()) {
    const scored = await scorePicture(scorer, image, {
      ...{ config, phase: 'calibrate', normalization, signal, mask, leaveOut },
      ...(change !== null && { change }),
    });
    scores.push(scored.score);
    if (scored.typical !== undefined) typical.push(scored.typical);
    onProgress?.({ phase: 'calibrate', done: scores.length, total: pictures.count });
  }
  return { scores, typical };
}

/** The weights of the terms of an earlier calibration, for another one to keep. */
export function weightsOf(calibration: DetectorCalibration | null): TermWeights {
  return Object.fromEntries(
    Object.entries(calibration?.terms ?? {}).map(([name, { weight }]) => [name, weight]),
  );
}

/** A calibration of these scales, with the threshold that these scores give and the limit that typical distances give. */
export async function calibrationOf(
  found: Pick<DetectorCalibration, 'ratio' | 'terms' | 'change' | 'sharedWithTraining'>,
  {
    scores,
    config,
    typical,
  }: Pick<DetectorCalibration, 'scores'> & { config: Config; typical: readonly number[] },
): Promise<DetectorCalibration> {
  const { falseAlarmRate, confidence } = config.scoring;
  const rule = config.scoring.threshold === 'conformal' ? 'conformal' : 'estimate';
  const { threshold, method, n } = await asUserError(
    () => scoreThreshold({ scores, falseAlarmRate, rule, confidence }),
    { code: 'data' },
  );
  const { ratio, terms, change, sharedWithTraining } = found;
  return {
    ...{ ratio, terms, change, threshold, method, n, falseAlarmRate, scores, sharedWithTraining },
    ...(rule === 'conformal' && {
      guarantee: { confidence, ...conformalGuarantee({ n, falseAlarmRate, confidence }) },
    }),
    ...typicalOf(typical),
  };
}

/** Scale of each distance there is, as terms of weight 1. */
async function scalesOf(scorer: Scorer, distances: readonly Distances[]): Promise<Terms> {
  const scales: Terms = {};
  for (const name of distanceNames) {
    if (!distances[0]?.[name]) continue;
    // the term alone, unscaled, is its blurred distance
    const maps = await scorer.maps(distances, { terms: { [name]: { scale: 1, weight: 1 } } });
    const judged = maps.map(({ map }, i) => {
      const { mask } = distances[i];
      return mask ? map.filter((_, at) => mask[at] === 1) : map;
    });
    scales[name] = { scale: termScale(judged), weight: 1 };
  }
  return scales;
}

function largest(values: Float32Array): number {
  let max = 0;
  for (const value of values) if (value > max) max = value;
  return max;
}
