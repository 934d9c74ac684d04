/**
 * Folder that keeps optimised graphs from one process to the next: `$DDAD_GRAPHS`, else `graphs` in `$DDAD_CACHE` or in
 * `.cache/ddad` in the user's home; null, for none, where `DDAD_GRAPHS` is `off`.
 */
export async function graphFolder(): Promise<string | null> {
  const { DDAD_GRAPHS: own, DDAD_CACHE: cache } = process.env;
  if (own === 'off') return null;
  const [{ homedir }, { join }] = await Promise.all([import('node:os'), import('node:path')]);
  return own ? own : join(cache ?? join(homedir(), '.cache', 'ddad'), 'graphs');
}
