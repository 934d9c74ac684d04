import { existsSync } from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';
import { likelyWindow } from '@ddad/images';
import type { FileFacts } from '../inspect-file.js';
import type { Sample } from '../sample.js';
import { describeIgnored, ignoredRemedy, imageExtensions } from '../walk-images.js';
import { type Evidence, isMaskPlace } from './evidence.js';
import { maskProblems } from './mask-problems.js';
import type { DatasetProblem } from './problem.js';

export function findProblems(evidence: Evidence): DatasetProblem[] {
  return [
    ...unreadable(evidence),
    ...duplicates(evidence),
    ...maskProblems(evidence),
    ...splits(evidence),
    ...mixtures(evidence),
    ...deep(evidence),
    ...extensions(evidence),
    ...unused(evidence),
    ...unread(evidence),
  ];
}

function unreadable({ faults, name }: Evidence): DatasetProblem[] {
  return [...faults].map(([path, reason]) => ({
    severity: 'error',
    code: 'unreadable',
    message: `${name(path)} cannot be read: ${reason}`,
    remedy: 'Get the file again from its source, or delete it; --skip-bad trains without it.',
    paths: [name(path)],
  }));
}

function duplicates({ samples, facts, name }: Evidence): DatasetProblem[] {
  const byHash = new Map<string, Sample[]>();
  for (const sample of samples) {
    const hash = facts.get(sample.imagePath)?.sha256;
    if (hash !== undefined) byHash.set(hash, [...(byHash.get(hash) ?? []), sample]);
  }
  return [...byHash.values()]
    .filter((same) => same.length > 1)
    .map((same) => {
      const paths = same.map(({ imagePath }) => name(imagePath));
      const leak = new Set(same.map(({ split }) => split === 'test')).size > 1;
      return {
        severity: leak ? 'error' : 'warning',
        code: leak ? 'train-test-duplicate' : 'duplicate',
        message: `${paths.join(' and ')} are the same file${leak ? ', in training and test' : ''}`,
        remedy: leak
          ? 'Delete one: results on an image that was trained on mean nothing.'
          : 'Delete all but one.',
        paths,
      };
    });
}

function splits({ dataset, name }: Evidence): DatasetProblem[] {
  const problems: DatasetProblem[] = [];
  const { train, test, folder } = dataset;
  const paths = [name(folder)];
  if (train.length < 8) {
    problems.push({
      severity: 'warning',
      code: 'few-train',
      message: `only ${train.length} training images`,
      remedy: 'Add good images; below 8 neither training nor calibration is reliable.',
      paths,
    });
  }
  const labels = new Set(test.map(({ label }) => label));
  if (test.length > 0 && labels.has(1) && !labels.has(0)) {
    problems.push({
      severity: 'warning',
      code: 'no-test-good',
      message: 'no good test images: image AUROC cannot be computed',
      remedy: 'Move some good images, not used in training, to the test folder good.',
      paths,
    });
  }
  if (!labels.has(1)) {
    problems.push({
      severity: 'warning',
      code: 'no-test-defect',
      message: 'no test images known to be anomalous: nothing can be evaluated',
      remedy: 'Add anomalous test images in a folder named after their defect, or only train and detect.',
      paths,
    });
  }
  return problems;
}

function mixtures({ samples, facts, name }: Evidence): DatasetProblem[] {
  const groups = (key: (fact: FileFacts) => string) => {
    const result = new Map<string, string[]>();
    for (const { imagePath } of samples) {
      const fact = facts.get(imagePath);
      if (fact) result.set(key(fact), [...(result.get(key(fact)) ?? []), name(imagePath)]);
    }
    return [...result].sort(([, a], [, b]) => b.length - a.length);
  };
  const problem = (
    severity: DatasetProblem['severity'],
    code: 'mixed-sizes' | 'mixed-channels',
    what: string,
    found: [string, string[]][],
    remedy: string,
  ) =>
    found.length < 2
      ? []
      : [
          {
            severity,
            code,
            message: `images differ in ${what}: ${found.map(([value, paths]) => `${paths.length} of ${value}`).join(', ')}`,
            remedy,
            paths: found.slice(1).flatMap(([, paths]) => paths),
          },
        ];
  return [
    ...problem(
      'warning',
      'mixed-sizes',
      'size',
      groups(({ width, height }) => `${width}x${height}`),
      "Take all images in the same way; where shapes differ choose fit 'pad' or 'crop'.",
    ),
    ...problem(
      'error',
      'mixed-channels',
      'colour',
      groups(({ channels }) => (channels === 1 ? 'gray' : 'colour')),
      'Convert all images to the same; a model takes the difference for an anomaly.',
    ),
  ];
}

/** Images whose low bytes are lost. */
function deep({ samples, facts, window, name }: Evidence): DatasetProblem[] {
  if (window) return [];
  const found = samples.flatMap(({ imagePath }) => {
    const largest = facts.get(imagePath)?.largest;
    return largest === undefined ? [] : [{ path: name(imagePath), largest }];
  });
  if (found.length === 0) return [];
  const largest = found.reduce((most, each) => Math.max(most, each.largest), 0);
  return [
    {
      severity: 'warning',
      code: 'deep',
      message:
        `16 bits in ${found.length} of ${samples.length} images, of which the high byte is taken: levels left of their ` +
        `${largest + 1}: ${(largest >> 8) + 1}`,
      remedy: `State the window of values that counts, such as [${likelyWindow(largest).join(', ')}] (data.window).`,
      paths: found.map(({ path }) => path),
    },
  ];
}

function extensions({ facts, name }: Evidence): DatasetProblem[] {
  return [...facts]
    .filter(([path, { format }]) => {
      const extensions: readonly string[] = imageExtensions[format];
      return !extensions.includes(extname(path).toLowerCase());
    })
    .map(([path, { format }]) => ({
      severity: 'error',
      code: 'wrong-extension',
      message: `${name(path)} is a ${format.toUpperCase()} file by its content`,
      remedy: `Rename it to end in ${imageExtensions[format][0]}: other programs go by the name.`,
      paths: [name(path)],
    }));
}

/** Images that belong to no sample, masks aside: one problem per folder. */
function unused(evidence: Evidence): DatasetProblem[] {
  const { dataset, others, name } = evidence;
  const { kind } = dataset;
  const severity = ['mvtec', 'mpdd', 'btad', 'loco'].includes(kind) ? 'error' : 'warning';
  const known = (['clean', 'test_private', 'test_private_mixed'] as const)
    .filter((folder) =>
      folder === 'clean' ? existsSync(join(dataset.folder, 'synthetic.json')) : kind === 'mvtec2',
    )
    .map((folder) => join(dataset.folder, folder) + sep);
  const byFolder = new Map<string, number>();
  for (const path of others) {
    if (isMaskPlace(evidence, path)) continue;
    // Masks of good images, all black.
    if (kind === 'mtd' && /(^|\/)MT_Free\/Imgs\/.+\.png$/i.test(name(path))) continue;
    if (known.some((folder) => path.startsWith(folder))) continue;
    byFolder.set(dirname(path), (byFolder.get(dirname(path)) ?? 0) + 1);
  }
  return [...byFolder].map(([folder, count]) => ({
    severity,
    code: 'unused-images',
    message: `${count} image${count === 1 ? '' : 's'} in ${folder === dataset.root ? 'the top folder' : name(folder)}, which the layout does not know`,
    remedy: `Move them to a folder of the layout of kind '${kind}', or out of it: they are not used.`,
    paths: [name(folder)],
  }));
}

/** Pictures in formats that are not read, videos, archives. */
function unread({ dataset, name }: Evidence): DatasetProblem[] {
  const { ignored } = dataset;
  if (ignored.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'unread-files',
      message: `files that are not read: ${describeIgnored(ignored)}`,
      remedy: ignoredRemedy(ignored),
      paths: ignored.flatMap(({ paths }) => paths.map(name)),
    },
  ];
}
