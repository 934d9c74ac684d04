import { writeAtomic } from '../io/write-atomic.js';
import type { EvaluatedTestSet } from './evaluate-test-set.js';
import type { Report } from './report.js';
import { scoresCsv } from './results-csv.js';

/** Writes `metrics.json` and `scores.csv`, and with `output.report` `maps/` and `report.html`. */
export async function writeResults(folder: string, { report }: { report: Report; test: EvaluatedTestSet }): Promise<void> {
  await writeAtomic(report.files.scores, scoresCsv(report.images));
  await writeAtomic(report.files.metrics, `${JSON.stringify(report, null, 2)}\n`);
}
