/** `target` with `value` at `path`; objects on the way are made where they lack. `target` stays as it was. */
export function withValue(target: unknown, path: string[], value: unknown): Record<string, unknown> {
  const object = isPlainObject(target) ? target : {};
  const [key, ...rest] = path;
  return { ...object, [key]: rest.length ? withValue(object[key], rest, value) : value };
}

/** `over` laid on `base`, object by object; undefined leaves what is there, arrays are replaced. */
export function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isPlainObject(base) || !isPlainObject(over)) return over;
  const out: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) out[key] = merge(base[key], value);
  return out;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
