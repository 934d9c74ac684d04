import { isPlainObject } from './overrides.js';

export function leafKeys(input: unknown, prefix = ''): string[] {
  if (!isPlainObject(input)) return [];
  return Object.entries(input).flatMap(([key, value]) =>
    isPlainObject(value) ? leafKeys(value, `${prefix}${key}.`) : [prefix + key],
  );
}
