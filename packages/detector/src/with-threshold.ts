import { UserError } from './errors.js';
import type { Manifest } from './manifest.js';

/**
 * The manifest of the same detector with another threshold.
 *
 * @throws {UserError} not a finite number
 */
export function withThreshold(manifest: Manifest, threshold: number): Manifest {
  if (!Number.isFinite(threshold)) {
    throw new UserError(`threshold: needs a finite number, got ${String(threshold)}`, { code: 'option' });
  }
  return { ...manifest, threshold: { value: threshold, from: 'given' } };
}
