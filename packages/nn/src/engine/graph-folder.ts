import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Folder that keeps optimised graphs from one process to the next: `$DDAD_GRAPHS`, else `graphs` in `$DDAD_CACHE` or in
 * `.cache/ddad` in the user's home; null, for none, where `DDAD_GRAPHS` is `off`.
 */
export function graphFolder(): string | null {
  const { DDAD_GRAPHS: own, DDAD_CACHE: cache } = process.env;
  if (own === 'off') return null;
  return own ? own : join(cache ?? join(homedir(), '.cache', 'ddad'), 'graphs');
}
