import type { FileFacts } from '../inspect-file.js';
import type { Dataset, Sample } from '../sample.js';

export interface Evidence {
  dataset: Dataset;
  samples: readonly Sample[];
  /** Mask files with the sample they belong to. */
  masks: ReadonlyMap<string, Sample>;
  /** Of the files that could be decoded. */
  facts: ReadonlyMap<string, FileFacts>;
  /** Why the others could not. */
  faults: ReadonlyMap<string, string>;
  /** All image files below the category's folder. */
  inFolder: readonly string[];
  /** A path as the report shows it. */
  name: (path: string) => string;
}

/** Whether the layout keeps masks there, so that a file without a sample is a mask without an image. */
export function isMaskPlace(path: string): boolean {
  return /(^|\/)(ground_truth|Masks)\//.test(path) || /(^|\/)MT_[^/]+\/Imgs\/[^/]+\.png$/i.test(path);
}
