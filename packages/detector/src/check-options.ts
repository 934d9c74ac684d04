import { type KnownOptions, optionProblem } from '@ddad/options';
import { UserError } from './errors.js';

/**
 * Throws where `options` is no object or has a key that is none of `known`: a misspelt option would be ignored.
 *
 * @param who the function that was called
 * @throws {UserError} names the key, the nearest one and those there are
 */
export function checkOptions<T extends object>(who: string, options: T, known: KnownOptions<T>): void {
  const problem = optionProblem(who, options, known);
  if (problem !== undefined) throw new UserError(problem, { code: 'option' });
}

/** The keys of `TaskOptions`. */
export const taskKeys = { onProgress: true, onNotice: true, signal: true } as const;

/** The keys of `LoadDetectorOptions`. */
export const loadKeys = {
  engine: true,
  threads: true,
  threshold: true,
  backbone: true,
  onNotice: true,
} as const;
