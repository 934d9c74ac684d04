import { join } from 'node:path';
import { renderTables } from '@ddad/report';
import { writeAtomic } from '../io/write-atomic.js';
import { readCell } from './cell-result.js';
import type { Experiment } from './experiment.js';
import { cellsOf } from './shard.js';
import { type Reproduction, summarize } from './summary.js';
import { comparisonTable, notesOf, reproductionCsv, reproductionMarkdown, runsTable } from './tables.js';

export interface CollectedFiles {
  markdown: string;
  csv: string;
  json: string;
  /** The page with the table and every report. */
  index: string;
}

/** Reads what came of all runs in `out`, and writes the table beside them. */
export async function collect(
  out: string,
  experiment: Experiment,
): Promise<{ reproduction: Reproduction; files: CollectedFiles }> {
  const names = experiment.categories.map(({ name }) => name);
  const cells = cellsOf({ categories: names, seeds: experiment.seeds });
  const reproduction = summarize(experiment, await Promise.all(cells.map((cell) => readCell(out, cell))));
  const files = {
    markdown: join(out, 'table.md'),
    csv: join(out, 'table.csv'),
    json: join(out, 'table.json'),
    index: join(out, 'index.html'),
  };
  await writeAtomic(files.markdown, reproductionMarkdown(reproduction));
  await writeAtomic(files.csv, reproductionCsv(reproduction));
  await writeAtomic(files.json, `${JSON.stringify(reproduction, null, 2)}\n`);
  await writeAtomic(
    files.index,
    renderTables({
      title: `DDAD on ${reproduction.dataset}`,
      notes: notesOf(reproduction),
      tables: [comparisonTable(reproduction), runsTable(reproduction)],
    }),
  );
  return { reproduction, files };
}
