import type { DatasetProblem } from '../check/problem.js';
import type { Dataset, Sample } from '../sample.js';
import { toId } from './files.js';
import { matchMasks, type Named } from './match-masks.js';
import type { VisaSplit } from './visa-csv.js';

/** Where to look; `root` is an existing folder. */
export interface LayoutOptions {
  root: string;
  category?: string;
  test?: string;
  masks?: string;
  seed: number;
  visaSplit: VisaSplit;
  /** Takes what stands in the way of using the data set. */
  report: (problem: DatasetProblem) => void;
}

export type Layout = (
  options: LayoutOptions,
) => Promise<Pick<Dataset, 'folder' | 'train' | 'test' | 'validation' | 'privateTest'>>;

/** Builds a sample whose id is its image's path relative to `root`. */
export function sample(
  root: string,
  imagePath: string,
  known: Pick<Sample, 'split' | 'label' | 'defect'> & { maskPath?: string; maskThreshold?: number },
): Sample {
  const { split, label, maskPath, maskThreshold = 0 } = known;
  const defect = known.defect.normalize('NFC');
  const base: Sample = { id: toId(root, imagePath), split, label, defect, imagePath, maskThreshold };
  return maskPath === undefined ? base : { ...base, maskPath };
}

/** Masks by the path of their image; what is ambiguous is reported. */
export function findMasks(
  images: readonly Named[],
  masks: readonly Named[],
  { root, report }: LayoutOptions,
): Map<string, string> {
  const { masks: found, problems } = matchMasks(images, masks, (path) => toId(root, path));
  problems.forEach(report);
  return found;
}
