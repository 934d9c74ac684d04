import { realpath } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { checkOptions } from '@ddad/options';
import { findProblems } from './check/find-problems.js';
import type { DatasetProblem } from './check/problem.js';
import { DatasetError } from './dataset-error.js';
import { openDecodePool } from './decode-pool.js';
import type { FileFacts } from './inspect-file.js';
import { imagesBelow, isFolder, nativePath, toId } from './layouts/files.js';
import type { LoadImageOptions } from './load-image.js';
import { indexDataset, type OpenDatasetOptions } from './open-dataset.js';
import type { Dataset, Sample } from './sample.js';
import { walkImages } from './walk-images.js';

export interface CheckDatasetOptions extends OpenDatasetOptions, Pick<LoadImageOptions, 'window'> {
  /** Threads that decode; 0 for the calling one. @default the processor's cores */
  workers?: number;
  /** As for `loadImages`. @default beside this module */
  worker?: URL | string;
  onProgress?: (progress: { done: number; total: number; path: string }) => void;
  signal?: AbortSignal;
}

export interface DatasetReport {
  /** False if there is a problem of severity `error`. */
  ok: boolean;
  problems: DatasetProblem[];
  /** Images by split and defect: `counts.test.good`. */
  counts: Record<string, Record<string, number>>;
  /** Images by size, `<width>x<height>`. */
  sizes: Record<string, number>;
  /** Images by number of colour channels. */
  channels: Record<string, number>;
  /** Mask files and the distinct values in them. */
  masks: { files: number; values: number[] };
}

/**
 * Opens a data set, decodes every file of it and reports what is wrong: files that are missing or cannot be
 * decoded, images without masks and masks without images, masks that may belong to several images, masks that are empty or of another size than their
 * image, values that are no mask's, the same bytes in train and test, mixed sizes and channels, images of 16 bits without a
 * window, wrong extensions,
 * folders the layout does not know. Each problem comes with what to do about it. It never throws for a fault of
 * the data set.
 *
 * @throws the signal's reason if aborted; if the worker threads cannot start
 */
export async function checkDataset(options: CheckDatasetOptions): Promise<DatasetReport> {
  checkOptions('checkDataset', options, {
    workers: true,
    worker: true,
    window: true,
    onProgress: true,
    signal: true,
    kind: true,
    root: true,
    category: true,
    test: true,
    masks: true,
    seed: true,
    visaSplit: true,
  });
  const { workers = availableParallelism(), worker, window, onProgress, signal, ...opening } = options;
  let dataset: Dataset;
  let ambiguities: DatasetProblem[];
  try {
    ({ dataset, problems: ambiguities } = await indexDataset(opening));
  } catch (error) {
    const problems = await openingProblems(error as Error, opening.root);
    return { ok: false, problems, counts: {}, sizes: {}, channels: {}, masks: { files: 0, values: [] } };
  }
  const samples = [...dataset.train, ...(dataset.validation ?? []), ...dataset.test];
  const masks = await maskFiles(samples);
  const jobs = [
    ...samples.map(({ imagePath }) => ({ kind: 'inspect' as const, path: imagePath, window })),
    ...[...masks].map(([path, { maskThreshold }]) => ({ kind: 'inspect' as const, path, maskThreshold })),
  ];
  const facts = new Map<string, FileFacts>();
  const faults = new Map<string, string>();
  const pool = openDecodePool(Math.min(workers, Math.ceil(jobs.length / 8)), { who: 'checkDataset', worker });
  let taken = 0;
  let done = 0;
  const lane = async () => {
    while (taken < jobs.length) {
      signal?.throwIfAborted();
      const job = jobs[taken++]!;
      const reply = await pool.run(job);
      if ('facts' in reply) facts.set(job.path, reply.facts);
      else if (reply.fatal) throw new Error(reply.error);
      else faults.set(job.path, reply.error);
      onProgress?.({ done: ++done, total: jobs.length, path: job.path });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(2 * workers, 1) }, lane));
  } finally {
    taken = jobs.length;
    await pool.close();
  }
  const { images, folders } =
    dataset.kind !== 'list' && (await isFolder(dataset.folder))
      ? await walkImages(dataset.folder)
      : { images: [], folders: [] };
  const others = await unusedOf(images, [...samples.map(({ imagePath }) => imagePath), ...masks.keys()]);
  const ambiguous = new Set(ambiguities.flatMap(({ paths }) => paths));
  const name = (path: string) => toId(dataset.root, path) || '.';
  const evidence = { dataset, samples, masks, facts, faults, window, others, folders, ambiguous, name };
  const problems = [...ambiguities, ...findProblems(evidence)];
  return {
    ok: problems.every(({ severity }) => severity !== 'error'),
    problems,
    ...summary(samples, masks, facts),
  };
}

/** Why a data set does not open. */
async function openingProblems(error: Error, root: string): Promise<DatasetProblem[]> {
  if (error instanceof DatasetError) return [...error.problems];
  const hasFolder = await isFolder(nativePath(root));
  return [
    {
      severity: 'error',
      code: hasFolder ? 'cannot-open' : 'no-folder',
      message: error.message,
      remedy: hasFolder
        ? 'Check the kind, root and category, and that the data set is unpacked in the layout of its kind.'
        : 'Give the folder that the data set was unpacked to.',
      paths: [],
    },
  ];
}

/** The images that are not used, by whatever path: through a link a file has several. */
async function unusedOf(images: readonly string[], used: readonly string[]): Promise<string[]> {
  const names = new Set(used);
  const left = images.filter((path) => !names.has(path));
  if (left.length === 0) return left;
  // Links to nowhere have no real path; that they cannot be read is said elsewhere.
  const real = (path: string) => realpath(path).catch(() => path);
  const usedFiles = new Set(await Promise.all(used.map(real)));
  const files = await Promise.all(left.map(real));
  return left.filter((_, i) => !usedFiles.has(files[i]!));
}

/** Mask files with the sample they belong to. */
async function maskFiles(samples: readonly Sample[]): Promise<Map<string, Sample>> {
  const result = new Map<string, Sample>();
  for (const sample of samples) {
    if (sample.maskPath === undefined) continue;
    const inside = await imagesBelow(sample.maskPath);
    for (const path of inside.length > 0 ? inside : [sample.maskPath]) result.set(path, sample);
  }
  return result;
}

function summary(samples: readonly Sample[], masks: Map<string, Sample>, facts: Map<string, FileFacts>) {
  const counts: DatasetReport['counts'] = {};
  const sizes: DatasetReport['sizes'] = {};
  const channels: DatasetReport['channels'] = {};
  for (const { split, defect, imagePath } of samples) {
    counts[split] ??= {};
    counts[split][defect] = (counts[split][defect] ?? 0) + 1;
    const fact = facts.get(imagePath);
    if (!fact) continue;
    const size = `${fact.width}x${fact.height}`;
    sizes[size] = (sizes[size] ?? 0) + 1;
    channels[fact.channels] = (channels[fact.channels] ?? 0) + 1;
  }
  const values = new Set([...masks.keys()].flatMap((path) => facts.get(path)?.mask?.values ?? []));
  return { counts, sizes, channels, masks: { files: masks.size, values: [...values].sort((a, b) => a - b) } };
}
