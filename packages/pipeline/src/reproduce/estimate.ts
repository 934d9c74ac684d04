import { reconstructionSettings } from '@ddad/detector';
import type { Config } from '../config/schema.js';
import { trainingCost } from '../training/training-cost.js';

/** Images of a category. */
export interface Counts {
  /** Good ones to train on. */
  train: number;
  test: number;
}

/** What a run will take, in seconds, where a step has been timed. */
export interface Estimate {
  training: number;
  adaptation: number;
  /** Calibration and evaluation. */
  judging: number;
}

/** Forward and backward over forward alone. */
const trainedOverSeen = 3;
/** What reconstructions leave out: features, maps, metrics, pages. */
const around = 1.5;

/**
 * What a run takes.
 *
 * @param pace seconds of a training step for each of its images
 */
export function estimate(config: Config, { train, test }: Counts, pace: number): Estimate {
  const { training, adaptation } = config;
  const { steps, batchSize } = trainingCost(config, train);
  const most = (training.budget === null ? steps : (training.steps ?? Infinity)) * batchSize * pace;
  const reconstruction = (around * passes(config) * pace) / trainedOverSeen;
  return {
    training: Math.min(training.budget ?? Infinity, most),
    // of a batch's halves one is reconstructed
    adaptation: (adaptation.epochs * train * reconstruction) / 2,
    judging: (test + calibrationImages(config, train)) * reconstruction,
  };
}

/** Times that an image passes the UNet to be reconstructed. */
function passes(config: Config): number {
  const { levels, steps, start, skip } = reconstructionSettings(config);
  return levels?.length ?? steps ?? Math.ceil((start ?? 1) / (skip ?? 1));
}

function calibrationImages({ scoring }: Config, train: number): number {
  if (scoring.normalization === 'batch' && scoring.threshold !== 'calibrated') return 0;
  if (scoring.holdBack === 0 || train < 40) return train;
  return Math.max(8, Math.round(scoring.holdBack * train));
}

export const total = ({ training, adaptation, judging }: Estimate): number => training + adaptation + judging;
