import type { DatasetProblem } from './check/problem.js';

/** A data set that cannot be used as it lies there; the message names the first problem and its remedy on one line. */
export class DatasetError extends Error {
  override name = 'DatasetError';
  /** What was found and what to do about each; at least one. */
  readonly problems: readonly DatasetProblem[];
  readonly code: DatasetProblem['code'];
  /** The message without the remedy. */
  readonly reason: string;
  readonly remedy: string;

  constructor(who: string, problems: readonly [DatasetProblem, ...DatasetProblem[]]) {
    const [{ code, message, remedy }, ...others] = problems;
    const more = others.length > 0 ? ` (and ${others.length} more; checkDataset lists all)` : '';
    const reason = `${who}: ${message}${more}`;
    const advice = `${remedy.charAt(0).toLowerCase()}${remedy.slice(1)}`.replace(/\.$/, '');
    super(`${reason}; ${advice}`);
    this.problems = problems;
    this.code = code;
    this.reason = reason;
    this.remedy = advice;
  }
}
