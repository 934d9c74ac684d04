import { UserError } from '@ddad/detector';
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';

/** Every dotted key of a schema, objects first. */
export function schemaKeys(schema: unknown, prefix = ''): string[] {
  const object = unwrap(schema);
  if (!(object instanceof z.ZodObject)) return [];
  return Object.entries(object.shape).flatMap(([key, child]) => [
    prefix + key,
    ...schemaKeys(child, `${prefix + key}.`),
  ]);
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? unwrap(schema.unwrap())
    : schema;
}

/** The known key nearest to `key`: the same name elsewhere, else the fewest edits, case aside. */
export function nearestKey(key: string, known: string[]): string {
  const leaf = (k: string) => k.slice(k.lastIndexOf('.') + 1).toLowerCase();
  const parent = (k: string) => k.slice(0, k.lastIndexOf('.') + 1);
  const cost = (candidate: string) =>
    distance(leaf(key), leaf(candidate)) * 4 + (parent(key) === parent(candidate) ? 0 : 1);
  return known.reduce((best, candidate) => (cost(candidate) < cost(best) ? candidate : best));
}

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
