import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  checkOptions,
  InterruptedError,
  startEngineFor,
  type TaskOptions,
  taskKeys,
  throwIfInterrupted,
  UserError,
} from '@ddad/detector';
import type { FolderLock } from '@ddad/files';
import { checkpointFolder } from './checkpoint/folders.js';
import { lockFolder } from './checkpoint/lock-folder.js';
import type { Config, ConfigInput } from './config/schema.js';
import { finishedRun } from './finished-run.js';
import { cellFolder } from './reproduce/cell-folder.js';
import { type CellResult, forgetFailure, readCell, writeFailure } from './reproduce/cell-result.js';
import { type CollectedFiles, collect } from './reproduce/collect.js';
import { fit, readCut, shortened, writeCut } from './reproduce/cut.js';
import { claimExperiment, readExperiment } from './reproduce/experiment.js';
import { measurePace } from './reproduce/pace.js';
import { describeWork, type PlannedCell, planReproduction, type Scope } from './reproduce/plan.js';
import { cellConfig } from './reproduce/recipe.js';
import type { Reproduction } from './reproduce/summary.js';
import { run } from './run.js';

export interface ReproduceOptions extends TaskOptions, Scope {
  /** Folder of everything: the state that workers share, the runs, the table. @default 'reproduction' */
  out?: string;
}

export interface ReproduceResult {
  /** What came of the runs that this call was to do. */
  runs: CellResult[];
  /** Without a shard: all runs together, and the files that they were written to. */
  reproduction?: Reproduction;
  files?: CollectedFiles;
}

/** How long to wait between two looks at a run that another process works on, in ms. */
const patience = 2000;

/**
 * All categories of a data set with several seeds each, by `run`, beside the paper's results. The preset is `reference`
 * unless the configuration names one. Killed at any moment, the same call goes on where it was. A run that fails is
 * named and does not stop the others. A run that another process works on is waited for.
 *
 * @param config without a category; `data.root` is needed
 * @throws {UserError} wrong options, no data set, a folder in which something else is reproduced, no engine
 * @throws {InterruptedError} `signal` was fired
 */
export async function reproduce(
  config: ConfigInput | string,
  options: ReproduceOptions = {},
): Promise<ReproduceResult> {
  checkOptions('reproduce', options, {
    ...taskKeys,
    ...{
      out: true,
      overrides: true,
      categories: true,
      seeds: true,
      release: true,
      shard: true,
      budget: true,
    },
  });
  const { out = 'reproduction', budget, shard, onProgress, onNotice, signal } = options;
  if (budget !== undefined && !(budget > 0)) {
    throw new UserError(`option budget: needs seconds above 0, got ${budget}`, { code: 'option' });
  }
  const ends = budget === undefined ? undefined : performance.now() + 1000 * budget;
  const { experiment, cells } = await planReproduction(config, options);
  await claimExperiment(out, experiment);

  const states = await Promise.all(cells.map(({ cell }) => readCell(out, cell)));
  const open = cells.filter((_, i) => states[i].state !== 'finished');
  const limit =
    ends === undefined ? undefined : AbortSignal.timeout(Math.max(Math.ceil(ends - performance.now()), 0));
  const both = signal && limit ? AbortSignal.any([signal, limit]) : (signal ?? limit);
  const task = { onProgress, onNotice, signal: both };
  try {
    const pace = open.length ? await paceOf(open[0], task) : undefined;
    for (const line of describeWork({ cells, open, experiment, pace, budget })) onNotice?.(line);
    await work(cells, { out, ends, pace, isOpen: new Set(open.map(({ cell }) => cell)), task });
  } catch (error) {
    if (!limit?.aborted || signal?.aborted || !InterruptedError.isInstance(error)) throw error;
    onNotice?.(`the budget of ${budget} s is over`);
  }
  const runs = await Promise.all(cells.map(({ cell }) => readCell(out, cell)));
  if (shard) return { runs };
  return { runs, ...(await collect(out, experiment)) };
}

/**
 * The table of a reproduction from what lies in its folder, whoever has done it: the same runs give the same bytes.
 *
 * @param out the folder
 * @throws {UserError} nothing is reproduced there
 */
export async function collectReproduction(
  out: string,
): Promise<{ reproduction: Reproduction; files: CollectedFiles }> {
  return collect(out, await readExperiment(out));
}

async function paceOf({ config }: PlannedCell, task: TaskOptions): Promise<number> {
  await startEngineFor(config, task);
  return measurePace(config, task);
}

interface Work {
  out: string;
  /** Of `performance.now()`. */
  ends: number | undefined;
  pace: number | undefined;
  /** Those that were not finished. */
  isOpen: Set<PlannedCell['cell']>;
  task: TaskOptions;
}

/** Does the runs one after another; those that another process works on come last, and are waited for. */
async function work(cells: readonly PlannedCell[], { out, ends, pace, isOpen, task }: Work): Promise<void> {
  let queue = [...cells];
  let left = isOpen.size;
  const told = new Set<PlannedCell>();
  while (queue.length) {
    const busy: PlannedCell[] = [];
    for (const planned of queue) {
      throwIfInterrupted(task.signal, 'reproducing');
      const { cell } = planned;
      const name = `${cell.category}, seed ${cell.seed}`;
      const lock = await take(cellFolder(out, cell));
      if (UserError.isInstance(lock)) {
        if (!told.has(planned)) task.onNotice?.(`${name}: ${lock.reason}; left for later`);
        told.add(planned);
        busy.push(planned);
        continue;
      }
      try {
        const share = ends === undefined ? undefined : (ends - performance.now()) / 1000 / Math.max(left, 1);
        await doCell(planned, { out, name, share, pace, task });
      } finally {
        await lock.release();
      }
      if (isOpen.has(cell)) left--;
    }
    queue = busy;
    if (!busy.length) return;
    await setTimeout(patience, undefined, { signal: task.signal }).catch(() => {
      throwIfInterrupted(task.signal, 'waiting for another process');
    });
  }
}

/** The lock of a folder, or why it is not to be had. */
async function take(folder: string): Promise<FolderLock | UserError> {
  try {
    return await lockFolder(folder);
  } catch (error) {
    if (UserError.isInstance(error) && error.code === 'locked') return error;
    throw error;
  }
}

interface DoCell extends Pick<Work, 'out' | 'pace' | 'task'> {
  name: string;
  /** Seconds of a budget that fall to this run. */
  share: number | undefined;
}

/** One run; why it failed is noted in its folder. */
async function doCell(
  { cell, config: whole, counts }: PlannedCell,
  { out, name, share, pace, task }: DoCell,
): Promise<void> {
  const folder = cellFolder(out, cell);
  let config: Config = cellConfig(whole, cell, out);
  const notice = (message: string) => task.onNotice?.(`${name}: ${message}`);
  try {
    if (share !== undefined) {
      let cut = await readCut(folder);
      if (!cut && counts && pace !== undefined) {
        cut = fit(config, counts, { share, pace });
        await writeCut(folder, cut);
      }
      if (cut?.notes.length) notice(`shortened to ${cut.notes.join(' and ')}`);
      if (cut) config = shortened(config, cut);
    }
    if (await finishedRun(config)) return;
    await forgetFailure(out, cell);
    const isBegun = existsSync(join(checkpointFolder(config), 'state.json'));
    await run(config, { ...task, onNotice: notice, resume: isBegun });
  } catch (error) {
    if (InterruptedError.isInstance(error) || (error as Error)?.name === 'AbortError') throw error;
    notice(`failed: ${await writeFailure(out, cell, { error, root: config.data.root })}`);
  }
}
