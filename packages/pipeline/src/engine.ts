import * as nn from '@ddad/nn';
import type { RunOptions } from './progress.js';
import { asUserError } from './user-error.js';

/**
 * Makes an engine tfjs's backend, as `startEngine` of `@ddad/nn` does.
 *
 * @returns the engine's name
 * @throws {UserError} unknown, not installed (with the install command), or not working here
 */
export function startEngine(
  { engine, threads }: { engine?: string; threads?: number | null } = {},
  { onNotice }: Pick<RunOptions, 'onNotice'> = {},
): Promise<nn.NamedEngine> {
  return asUserError(() => nn.startEngine({ engine, threads, onNotice }));
}
