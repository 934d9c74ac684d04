import * as nn from '@ddad/nn';
import { asUserError } from './as-user-error.js';
import type { TaskOptions } from './task-options.js';

/**
 * Makes the engine that a configuration asks for tfjs's backend, by `startEngine` of `@ddad/nn`.
 *
 * @returns the engine's name
 * @throws {UserError} unknown, not installed (with the install command), or not working here
 */
export function startEngineFor(
  { engine, threads, precision }: { engine?: string; threads?: number | null; precision?: nn.Precision } = {},
  { onNotice }: Pick<TaskOptions, 'onNotice'> = {},
): Promise<nn.NamedEngine> {
  return asUserError(() => nn.startEngine({ engine, threads, precision, onNotice }), { code: 'engine' });
}
