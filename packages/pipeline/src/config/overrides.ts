import { UserError } from '@ddad/detector';
import { parse } from 'yaml';

/** `model.w=4` as a path and a value; the value is read as YAML. */
export function parseOverride(text: string): { path: string[]; value: unknown } {
  const at = text.indexOf('=');
  const path = text.slice(0, at).trim().split('.');
  if (at < 1 || path.some((part) => !/^\w+$/.test(part))) {
    throw new UserError(
      `option overrides: needs key=value with a dotted key such as model.w=4, got '${text}'`,
      {
        code: 'option',
      },
    );
  }
  const source = text.slice(at + 1);
  try {
    return { path, value: parse(source) ?? null };
  } catch {
    throw new UserError(`option overrides: the value of ${path.join('.')} is not YAML: '${source}'`, {
      code: 'option',
    });
  }
}

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
