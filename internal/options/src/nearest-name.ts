/** The name with the fewest letters inserted, deleted or replaced, case aside; the first of several, undefined of none. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const costs = known.map((each) => editDistance(name.toLowerCase(), each.toLowerCase()));
  return known[costs.indexOf(Math.min(...costs))];
}

/** Levenshtein's distance, row by row of the table of prefixes. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, above[j] + 1, row[j - 1] + 1));
    }
    above = row;
  }
  return above[b.length];
}
