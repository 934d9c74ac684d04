import { basename, join, resolve } from 'node:path';
import { checkOptions, UserError } from '@ddad/detector';
import { renderTables } from '@ddad/report';
import { type Comparison, compareAll } from './comparing/comparison.js';
import { readComparedRun } from './comparing/read-compared-run.js';
import { comparisonMarkdown, comparisonNotes, comparisonTables } from './comparing/tables.js';
import { writeAtomic } from './io/write-atomic.js';

export interface CompareRunsOptions {
  /** Write `comparison.md`, `comparison.json` and `comparison.html` into this folder. @default none is written */
  out?: string;
}

export interface ComparedRuns {
  comparison: Comparison;
  /** Written with `out` alone. */
  files?: { markdown: string; json: string; page: string };
}

/**
 * Puts results side by side: in which settings they differ, and each metric of each category, with differences to the
 * first. Several runs of one category, with other seeds, are averaged.
 *
 * @param paths two or more: `metrics.json` or the results folder of a run, a folder with those of several categories, or the
 *   folder of a reproduction
 * @throws {UserError} fewer than two, or there are no results
 */
export async function compareRuns(
  paths: readonly string[],
  options: CompareRunsOptions = {},
): Promise<ComparedRuns> {
  checkOptions('compareRuns', options, { out: true });
  if (!Array.isArray(paths) || paths.length < 2) {
    throw new UserError(`compareRuns: needs two results or more, got ${paths?.length ?? 'none'}`, {
      code: 'option',
    });
  }
  const names = namesOf(paths);
  const comparison = compareAll(await Promise.all(paths.map((path, i) => readComparedRun(path, names[i]))));
  const { out } = options;
  if (out === undefined) return { comparison };
  const files = {
    markdown: join(out, 'comparison.md'),
    json: join(out, 'comparison.json'),
    page: join(out, 'comparison.html'),
  };
  await writeAtomic(files.markdown, comparisonMarkdown(comparison));
  await writeAtomic(files.json, `${JSON.stringify(comparison, null, 2)}\n`);
  await writeAtomic(
    files.page,
    renderTables({
      title: comparison.runs.join(' | '),
      notes: comparisonNotes(comparison),
      tables: comparisonTables(comparison),
    }),
  );
  return { comparison, files };
}

/** The last parts of paths that tell them apart; the paths as given where they are the same. */
function namesOf(paths: readonly string[]): string[] {
  const last = paths.map((path) => basename(resolve(path)));
  return new Set(last).size === last.length ? last : [...paths];
}
