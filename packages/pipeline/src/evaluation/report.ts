import type { Confusion } from '@ddad/metrics';
import type { Config } from '../config/schema.js';
import type { ImageResult } from './image-result.js';
import type { Measured, Metrics } from './measure.js';
import type { ThresholdCertainty } from './threshold-certainty.js';

/** What `evaluate` found out. */
export interface Report {
  dataset: { name: string; category: string | null; train: number; test: number };
  engine: string;
  metrics: Metrics;
  /** 95 % bootstrap interval of `metrics.imageAuroc`. */
  imageAurocInterval?: Measured['imageAurocInterval'];
  /** Why metrics are absent, a line each. */
  notReported: string[];
  threshold: number;
  thresholdFrom: 'calibrated' | 'youden' | 'given';
  /** How sure a calibrated threshold is. */
  certainty?: ThresholdCertainty;
  /** Verdicts at the threshold over the labelled images. */
  confusion?: Confusion;
  /** In the order of their ids. */
  images: ImageResult[];
  files: {
    metrics: string;
    scores: string;
    /** Absent where `output.report` is off. */
    report?: string;
    maps?: string;
    /** The folder that `submission` names. */
    submission?: string;
  };
  /** What the evaluation took. */
  seconds: number;
  config: Config;
}
