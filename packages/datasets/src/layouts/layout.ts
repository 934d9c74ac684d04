import type { Dataset, Sample } from '../sample.js';
import { toId } from './files.js';
import type { VisaSplit } from './visa-csv.js';

/** Where to look; `root` is an existing folder. */
export interface LayoutOptions {
  root: string;
  category?: string;
  test?: string;
  masks?: string;
  seed: number;
  visaSplit: VisaSplit;
}

export type Layout = (
  options: LayoutOptions,
) => Promise<Pick<Dataset, 'folder' | 'train' | 'test' | 'validation'>>;

/** Builds a sample whose id is its image's path relative to `root`. */
export function sample(
  root: string,
  imagePath: string,
  known: Pick<Sample, 'split' | 'label' | 'defect'> & { maskPath?: string; maskThreshold?: number },
): Sample {
  const { split, label, defect, maskPath, maskThreshold = 0 } = known;
  const base: Sample = { id: toId(root, imagePath), split, label, defect, imagePath, maskThreshold };
  return maskPath === undefined ? base : { ...base, maskPath };
}
