import type { DatasetProblem } from './check/problem.js';

/** A data set that cannot be used as it lies there: what was found and what to do about it is in `problems`. */
export class DatasetError extends Error {
  override name = 'DatasetError';
  /** At least one. */
  readonly problems: readonly DatasetProblem[];

  constructor(who: string, problems: readonly DatasetProblem[]) {
    const [first, ...others] = problems;
    const more = others.length > 0 ? ` (and ${others.length} more; checkDataset names all)` : '';
    super(`${who}: ${first!.message}; ${uncapital(first!.remedy)}${more}`);
    this.problems = problems;
  }

  get code(): DatasetProblem['code'] {
    return this.problems[0]!.code;
  }

  get remedy(): string {
    return this.problems[0]!.remedy;
  }
}

/** A remedy as the second half of a sentence. */
function uncapital(remedy: string): string {
  return `${remedy.charAt(0).toLowerCase()}${remedy.slice(1)}`.replace(/\.$/, '');
}
