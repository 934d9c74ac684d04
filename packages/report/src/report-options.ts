import type { ReportImage } from './report-image.js';

/** What {@link renderReport} shows. Everything optional is left out of the page when absent. */
export interface ReportOptions {
  /** Heading of the page. */
  title: string;
  /** At least one. */
  images: ReportImage[];
  /** Where the slider starts; the calibrated threshold. */
  threshold: number;
  /** Map values of the first and last colour of the heat maps. @default the range over all maps */
  mapRange?: readonly [number, number];
  /** Of what was seen at once, where images were put together from tiles, pixels. @default each image's longer side */
  side?: number;
  /** Name -> value, in this order. @default image AUROC, average precision and F1 max, if both classes are there */
  metrics?: Record<string, number>;
  /** Name of the method -> its metrics, shown beside `metrics`. */
  baselines?: Record<string, Record<string, number>>;
  /** Name of the step -> seconds. */
  timing?: Record<string, number>;
  /** Shown as JSON. */
  config?: unknown;
  /** Training curves. */
  curves?: {
    loss?: { step: number; loss: number }[];
    /** Mean absolute reconstruction error of good images; it has a chart of its own. */
    validation?: { step: number; loss: number }[];
  };
  /** Scores of the good images that the threshold was set from; a chart shows them with it. */
  calibrationScores?: readonly number[];
  /** Paragraphs below the heading. */
  notes?: string[];
}
