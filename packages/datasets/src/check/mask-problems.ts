import { basename, dirname, join } from 'node:path';
import { sameName } from '../layouts/files.js';
import type { Sample } from '../sample.js';
import { type Evidence, isMaskPlace } from './evidence.js';
import type { DatasetProblem } from './problem.js';

export function maskProblems(evidence: Evidence): DatasetProblem[] {
  return [...missing(evidence), ...orphans(evidence), ...contents(evidence)];
}

/** A single image without mask is a fault; a defect without a folder of masks may be meant so. */
function missing(evidence: Evidence): DatasetProblem[] {
  const { samples, ambiguous, folders, name } = evidence;
  const byDefect = new Map<string, Sample[]>();
  for (const sample of samples) {
    if (sample.label !== 1) continue;
    const key = `${sample.split} ${sample.defect}`;
    byDefect.set(key, [...(byDefect.get(key) ?? []), sample]);
  }
  return [...byDefect.values()].flatMap((group): DatasetProblem[] => {
    const without = group.filter(
      ({ maskPath, imagePath }) => maskPath === undefined && !ambiguous.has(name(imagePath)),
    );
    const { defect } = group[0]!;
    const paths = without.map(({ imagePath }) => name(imagePath));
    if (without.length === 0) return [];
    const hasFolder = folders.some(
      (folder) => sameName(basename(folder), defect) && isMaskPlace(evidence, join(folder, 'x.png')),
    );
    if (without.length === group.length && !hasFolder) {
      return [
        {
          severity: 'warning',
          code: 'missing-mask',
          message: `defect '${defect}' has no masks (${group.length} images)`,
          remedy: 'Add masks to have pixel metrics; without them these images count for image metrics only.',
          paths,
        },
      ];
    }
    return without.map(({ imagePath }) => ({
      severity: 'error',
      code: 'missing-mask',
      message: `${name(imagePath)} has no mask; there is a place for masks of defect '${defect}'`,
      remedy:
        'Add the mask under the path and stem of the image (000_mask.png for 000.png), or delete the image.',
      paths: [name(imagePath)],
    }));
  });
}

function orphans(evidence: Evidence): DatasetProblem[] {
  const { others, ambiguous, name } = evidence;
  return (
    others
      .filter((path) => isMaskPlace(evidence, path))
      // LOCO's masks are folders.
      .filter((path) => !ambiguous.has(name(path)) && !ambiguous.has(name(dirname(path))))
      .map((path) => ({
        severity: 'error',
        code: 'orphan-mask',
        message: `${name(path)} is a mask without an image`,
        remedy:
          'Add the image of the same path and stem, or correct the name: 000_mask.png belongs to 000.png.',
        paths: [name(path)],
      }))
  );
}

function contents({ dataset, masks, facts, name }: Evidence): DatasetProblem[] {
  const problems: DatasetProblem[] = [];
  const add = (
    code: DatasetProblem['code'],
    path: string,
    what: string,
    remedy: string,
    severity: DatasetProblem['severity'] = 'error',
  ) => problems.push({ severity, code, message: `${name(path)} ${what}`, remedy, paths: [name(path)] });
  const filled = new Set<string>();
  for (const [path, { id }] of masks) {
    if (facts.get(path)?.mask?.marks ?? true) filled.add(id);
  }
  for (const [path, sample] of masks) {
    const mask = facts.get(path);
    const image = facts.get(sample.imagePath);
    if (!mask?.mask) continue;
    const { values } = mask.mask;
    if (image && (mask.width !== image.width || mask.height !== image.height)) {
      const sizes = `is ${mask.width}x${mask.height}, its image ${image.width}x${image.height}`;
      add('mask-size', path, sizes, 'Draw the mask at the size of the image.');
    }
    if (sample.label === 0) {
      add('mask-on-good', path, 'is the mask of a good image', 'Delete it, or move the image to its defect.');
    } else if (!filled.has(sample.id)) {
      const remedy = 'Draw the defect, or move the image to the good ones.';
      add('empty-mask', path, 'marks no pixel', remedy);
    }
    const binary = ['mvtec', 'mpdd', 'mvtec2', 'btad', 'folder', 'list'].includes(dataset.kind);
    const odd = values.filter((value) => value !== 0 && value !== 255);
    if (binary && odd.length > 0 && values.length > 2) {
      const what = `has values besides 0 and 255: ${odd.slice(0, 5).join(', ')}${odd.length > 5 ? ', ...' : ''}`;
      add(
        'mask-values',
        path,
        what,
        'Save masks as 0 and 255, without smoothing or JPEG; every other value counts as defect.',
        // These two do not say that their masks are binary.
        ['btad', 'mpdd'].includes(dataset.kind) ? 'warning' : 'error',
      );
    }
  }
  return problems;
}
