import type { Detector, RegionOfInterest } from '@ddad/detector';

/** What a detector is, as far as it can be sent. */
export interface DetectorDescription {
  /** Side of the square that images are resized to, pixels. */
  imageSize: number;
  channels: number;
  fit: string;
  /** How the score is made, and of which distances. */
  score: { normalization: string; terms: { name: string; weight: number }[] };
  threshold: { value: number; from: string };
  /** What good images said. */
  calibration: { n: number; method: string; falseAlarmRate: number; scores: number[] } | null;
  /** Part of each side that is scored, around the centre of the map; null: all of it. */
  crop: number | null;
  /** What of a picture is judged; null: all of it. */
  regionOfInterest: Pick<RegionOfInterest, 'include' | 'ignore'> | null;
  /** Images that go through the networks at once. */
  batchSize: number;
}

export function describe({ config, manifest, batchSize }: Detector): DetectorDescription {
  const { imageSize, channels, fit } = config.data;
  const { calibration, threshold, regionOfInterest: region } = manifest;
  const weights: [string, number][] = calibration?.terms
    ? Object.entries(calibration.terms).map(([name, term]) => [name, term!.weight])
    : [
        ['pixel', config.model.v],
        ['feature', 1],
      ];
  return {
    imageSize,
    channels,
    fit,
    score: {
      normalization: config.scoring.normalization,
      terms: weights.map(([name, weight]) => ({ name, weight })),
    },
    threshold: threshold!,
    calibration: calibration && {
      n: calibration.n,
      method: calibration.method,
      falseAlarmRate: calibration.falseAlarmRate,
      scores: calibration.scores,
    },
    crop: config.scoring.crop,
    regionOfInterest: region ? { include: region.include, ignore: region.ignore } : null,
    batchSize,
  };
}
