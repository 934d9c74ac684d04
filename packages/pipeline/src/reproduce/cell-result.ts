import { readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DdadError } from '@ddad/detector';
import type { Metrics } from '../evaluation/measure.js';
import type { Report } from '../evaluation/report.js';
import { writeAtomic } from '../io/write-atomic.js';
import { cellFiles, cellFolder } from './cell-folder.js';
import { readCut } from './cut.js';
import type { Cell } from './shard.js';

/** What came of one run. */
export interface CellResult extends Cell {
  state: 'finished' | 'failed' | 'missing';
  /** Finished only. */
  metrics?: Metrics;
  engine?: string;
  train?: number;
  test?: number;
  /** Its page, relative to the folder of the reproduction, with `/`. */
  report?: string;
  /** What it was shortened to, to fit into a budget. */
  cut?: string[];
  /** Why it failed. */
  reason?: string;
}

/** What came of a run, as its folder says. */
export async function readCell(out: string, cell: Cell): Promise<CellResult> {
  const folder = cellFolder(out, cell);
  const failure = (await readJson(join(folder, cellFiles.failure))) as { reason?: string } | undefined;
  const notes = (await readCut(folder))?.notes ?? [];
  const cut = notes.length ? { cut: notes } : {};
  if (failure) return { ...cell, state: 'failed', reason: failure.reason ?? 'unknown', ...cut };
  const report = (await readJson(join(folder, cellFiles.results, 'metrics.json'))) as Report | undefined;
  if (report?.config?.seed !== cell.seed) return { ...cell, state: 'missing', ...cut };
  const { metrics, engine, dataset, files } = report;
  const page =
    files.report && [cell.category, basename(folder), cellFiles.results, basename(files.report)].join('/');
  return {
    ...cell,
    state: 'finished',
    metrics,
    engine,
    train: dataset.train,
    test: dataset.test,
    ...(page && { report: page }),
    ...cut,
  };
}

/** Notes why a run failed, without the places of this machine. */
export async function writeFailure(
  out: string,
  cell: Cell,
  { error, root }: { error: unknown; root: string },
): Promise<string> {
  const isUsers = DdadError.isInstance(error);
  const text = `${isUsers ? '' : 'a fault of the program: '}${(error as Error)?.message ?? error}`;
  const reason = [
    [resolve(root), '<root>'],
    [root, '<root>'],
    [resolve(out), '<out>'],
    [out, '<out>'],
  ]
    .reduce((message, [place, name]) => message.replaceAll(place, name), text)
    .replaceAll(/\s*\n\s*/g, ' ');
  await writeAtomic(
    join(cellFolder(out, cell), cellFiles.failure),
    `${JSON.stringify({ reason }, null, 2)}\n`,
  );
  return reason;
}

export async function forgetFailure(out: string, cell: Cell): Promise<void> {
  await rm(join(cellFolder(out, cell), cellFiles.failure), { force: true });
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    // none, or not one: the run is not finished
    return undefined;
  }
}
