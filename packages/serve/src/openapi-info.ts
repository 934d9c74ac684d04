import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { jsonSchema } from './http/schema.js';
import { errorSchema } from './schemas.js';

type Schema = Record<string, unknown>;

const bytes = { type: 'string', format: 'binary' };

/** How the OpenAPI document is made of the routes' schemas. */
export const openApi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'ddad inspection station',
      description: 'Looks at images with trained anomaly detectors.',
      version: '1',
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  },
  // bodies that no schema checks are bytes, and every route can answer with an error
  transform({ schema, url }) {
    const { consumes, produces, body, response, ...rest } = (schema ?? {}) as Schema;
    const answers = (response ?? (produces ? { 200: bytes } : {})) as Schema;
    const described = {
      ...{ ...rest, consumes, produces },
      ...((body ?? consumes) ? { body: body ?? bytes } : {}),
      response: {
        ...answers,
        default: {
          description: 'An error.',
          content: { 'application/json': { schema: jsonSchema(errorSchema) } },
        },
      },
    };
    return { schema: withPrefixItems(described) as Schema, url };
  },
};

/** Tuples as in JSON Schema of 2020, which OpenAPI 3.1 has; the routes are checked by that of 2019. */
function withPrefixItems(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPrefixItems);
  if (typeof value !== 'object' || value === null) return value;
  const { items, additionalItems, ...rest } = value as Schema;
  const mapped = Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, withPrefixItems(each)]));
  if (Array.isArray(items)) return { ...mapped, prefixItems: withPrefixItems(items), items: false };
  return items === undefined ? mapped : { ...mapped, items: withPrefixItems(items) };
}
