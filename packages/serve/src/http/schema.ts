import { z } from 'zod';

/** The JSON Schema of a zod schema, as Fastify validates and OpenAPI describes. */
export function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return rest;
}

interface RouteSchemas {
  /** One line. */
  summary: string;
  /** Name of the client's function. */
  operationId: string;
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Of the answer 200. */
  answer?: z.ZodType;
  /** Media types of the request where it is not JSON. */
  consumes?: string[];
  produces?: string[];
}

/** The `schema` of a route. */
export function routeSchema({ params, query, body, answer, summary, operationId, ...media }: RouteSchemas) {
  return {
    summary,
    operationId,
    ...media,
    ...(params && { params: jsonSchema(params) }),
    ...(query && { querystring: jsonSchema(query) }),
    ...(body && { body: jsonSchema(body) }),
    ...(answer && { response: { 200: jsonSchema(answer) } }),
  };
}
