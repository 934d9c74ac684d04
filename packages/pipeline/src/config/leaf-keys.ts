import { isPlainObject } from './overrides.js';

/** The dotted keys of the values of an object. */
export function leafKeys(input: unknown, prefix = ''): string[] {
  if (!isPlainObject(input)) return [];
  return Object.entries(input).flatMap(([key, value]) =>
    isPlainObject(value) ? leafKeys(value, `${prefix}${key}.`) : [prefix + key],
  );
}
