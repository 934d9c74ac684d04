import { distance } from 'fastest-levenshtein';

/** The known key nearest to `key`: the same name elsewhere, else the fewest edits, case aside. */
export function nearestKey(key: string, known: string[]): string {
  const leaf = (k: string) => k.slice(k.lastIndexOf('.') + 1).toLowerCase();
  const parent = (k: string) => k.slice(0, k.lastIndexOf('.') + 1);
  const cost = (candidate: string) =>
    distance(leaf(key), leaf(candidate)) * 4 + (parent(key) === parent(candidate) ? 0 : 1);
  return known.reduce((best, candidate) => (cost(candidate) < cost(best) ? candidate : best));
}
