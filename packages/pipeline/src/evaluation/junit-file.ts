import { dirname } from 'node:path';
import { checkWritable, writeAtomic } from '../io/write-atomic.js';
import type { CheckedLimit } from './check-limits.js';
import { junitSummary } from './junit-summary.js';
import type { Report } from './report.js';

/**
 * A file for {@link junitSummary}, tried before a report is made and written after it.
 *
 * @throws {UserError} it cannot be written
 */
export async function junitFile(
  path: string,
): Promise<(report: Report, checked: readonly CheckedLimit[]) => Promise<void>> {
  await checkWritable(dirname(path));
  return (report, checked) => writeAtomic(path, junitSummary(report, checked));
}
