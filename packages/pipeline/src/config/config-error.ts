import { UserError } from '@ddad/detector';
import type { z } from 'zod';
import { nearestKey } from './nearest-key.js';
import { schemaKeys } from './schema-keys.js';

/** The error for the first thing `schema` finds wrong; `name` says where the configuration came from. */
export function configError(error: z.ZodError, schema: unknown, name: string): UserError {
  // An unknown key explains most about what the user meant, so it comes first.
  const issue = error.issues.find((i) => i.code === 'unrecognized_keys') ?? error.issues[0];
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = [...issue.path, issue.keys[0]].join('.');
    const near = nearestKey(key, schemaKeys(schema));
    return new UserError(`${name}: unknown key '${key}'`, {
      code: 'config',
      remedy: `the nearest known one is '${near}'`,
    });
  }
  const lead = path ? `${name}: ${path}: ` : `${name}: `;
  if (path === 'data.root' && issue.code === 'invalid_type') {
    return new UserError(`${lead}needs the folder of the data set`, {
      code: 'config',
      remedy: 'give data.root',
    });
  }
  const got = `, got ${JSON.stringify(issue.input)}`;
  if (issue.code === 'invalid_value') {
    return new UserError(`${lead}needs one of ${issue.values.join(', ')}${got}`, { code: 'config' });
  }
  if (issue.code === 'invalid_type')
    return new UserError(`${lead}needs a value of type ${issue.expected}${got}`, { code: 'config' });
  return new UserError(lead + issue.message.replace(/^Invalid input: /, '') + got, { code: 'config' });
}
