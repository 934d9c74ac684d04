import { readFileSync } from 'node:fs';
import { UserError } from '@ddad/detector';
import { parse } from 'yaml';
import { isPlainObject } from './overrides.js';

/** @throws {UserError} there is no such file, it is not YAML, or holds no keys */
export function readYaml(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`config: cannot read ${path} (${code})`, {
      code: 'config',
      remedy: 'give the path of a YAML file',
      cause: error,
    });
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new UserError(`${path}: not YAML: ${(error as Error).message.split('\n')[0]}`, {
      code: 'config',
      cause: error,
    });
  }
  if (!isPlainObject(value))
    throw new UserError(`${path}: needs keys such as data and model, found none`, { code: 'config' });
  return value;
}
