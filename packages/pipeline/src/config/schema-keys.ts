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
