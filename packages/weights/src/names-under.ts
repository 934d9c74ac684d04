/** The entries whose names begin with `<prefix>.`, by the rest of their names. */
export function namesUnder<Name, Value>(
  map: ReadonlyMap<Name, Value>,
  prefix: string,
): Map<Name | string, Value> {
  const found = new Map<Name | string, Value>();
  for (const [name, value] of map) {
    if (typeof name === 'string' && name.startsWith(`${prefix}.`))
      found.set(name.slice(prefix.length + 1), value);
  }
  return found;
}
