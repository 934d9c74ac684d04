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
