import type { IgnoredFiles } from './walk-images.js';

/** One image of a data set: where it is and what is known of it. Pixels are read on demand. */
export interface Sample {
  /** Path relative to the data set's root, with `/` on every platform. Unique within the data set. */
  id: string;
  split: 'train' | 'validation' | 'test';
  /** 0 good, 1 anomalous, undefined where nobody said (unsorted test images of a folder). */
  label: 0 | 1 | undefined;
  /** `good`, the name of the defect, or `unknown`. */
  defect: string;
  imagePath: string;
  /** The mask's file; for MVTec LOCO the folder whose files together are the mask. Absent where there is none. */
  maskPath?: string;
  /** Mask values above this are defect. */
  maskThreshold: number;
}

/** A sample whose label is known. */
export interface LabelledSample extends Sample {
  label: 0 | 1;
}

export function isLabelled(sample: Sample): sample is LabelledSample {
  return sample.label !== undefined;
}

/** An opened data set: its index, sorted by id. */
export interface Dataset {
  kind: DatasetKind;
  /** The folder that ids are relative to. */
  root: string;
  category?: string;
  /** The folder with everything of this category: `<root>/<category>` in most layouts. */
  folder: string;
  train: Sample[];
  /** Empty if the data set has no test images. */
  test: Sample[];
  /** Only for data sets that define one (`loco`, `mvtec2`, a `folder` with `valid` and `test`). */
  validation?: Sample[];
  /** Only `mvtec2`: the test images without labels, which a benchmark's server judges. */
  privateTest?: Sample[];
  /** Files below `folder` that hold pictures and are not read, e.g. HEIC, by format; the most frequent first. */
  ignored: IgnoredFiles[];
}

/** The layouts that `openDataset` knows. */
export const datasetKinds = [
  'mvtec',
  'visa',
  'mtd',
  'btad',
  'mpdd',
  'loco',
  'mvtec2',
  'folder',
  'list',
] as const;

export type DatasetKind = (typeof datasetKinds)[number];
