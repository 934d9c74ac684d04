// Writes packages/serve/src/client/generated.ts, the types of the client, from the OpenAPI document of a station; or says that
// it is stale.
//
//     npm run build && node tools/docs/client.mjs [--write]

import { readFile, writeFile } from 'node:fs/promises';
import { openApiDocument } from '@ddad/serve';

const path = new URL('../../packages/serve/src/client/generated.ts', import.meta.url);

/** A JSON Schema as a type. */
function typeOf(schema, indent = '') {
  const { type, anyOf, enum: values, const: value, items, prefixItems, properties, required = [] } = schema;
  if (value !== undefined) return JSON.stringify(value);
  if (values) return values.map((each) => quoted(each)).join(' | ');
  if (anyOf) return anyOf.map((each) => typeOf(each, indent)).join(' | ');
  if (Array.isArray(type)) return type.map((each) => typeOf({ ...schema, type: each }, indent)).join(' | ');
  if (schema.format === 'binary') return 'Body';
  if (prefixItems) return `[${prefixItems.map((each) => typeOf(each, indent)).join(', ')}]`;
  if (type === 'array') return `Array<${typeOf(items, indent)}>`;
  if (type === 'integer') return 'number';
  if (type !== 'object') return type;
  if (Object.keys(properties).length === 0) return 'object';
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, each]) => {
    const text = each.description ? `${inner}/** ${each.description} */\n` : '';
    return `${text}${inner}${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(each, inner)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

const quoted = (value) => (typeof value === 'string' ? `'${value}'` : String(value));
const key = (name) => (/^\w+$/.test(name) ? name : quoted(name));
const isJson = (content) => content?.['application/json']?.schema;

function inputOf({ parameters = [], requestBody }) {
  // the client asks for pictures in base64
  const asked = parameters.filter(({ name }) => name !== 'json');
  const properties = Object.fromEntries(
    asked.map(({ name, schema, description }) => [name, { ...schema, description }]),
  );
  const required = asked.filter((each) => each.required).map(({ name }) => name);
  if (requestBody) {
    const json = isJson(requestBody.content);
    properties.body = json ?? { format: 'binary' };
    if (requestBody.required) required.push('body');
  }
  return { type: 'object', properties, required };
}

const { paths } = await openApiDocument();
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);
const types = operations.map((operation) => {
  const { operationId, summary, responses } = operation;
  const answer = isJson(responses[200]?.content);
  return `  /** ${summary} */
  ${operationId}: {
    input: ${typeOf(inputOf(operation), '    ')};
    answer: ${answer ? typeOf(answer, '    ') : 'Response'};
  };
`;
});
const table = operations.map(({ operationId, method, path, parameters = [] }) => {
  const query = parameters.filter((each) => each.in === 'query').map(({ name }) => `'${name}'`);
  return `  ${operationId}: { method: '${method.toUpperCase()}', path: '${path}', query: [${query.join(', ')}] },\n`;
});
const text = `// Written by tools/docs/client.mjs from the schemas of the routes.

/** The bytes of a file, or a form with several. */
export type Body = Uint8Array | Blob | FormData;

/** What each function of the client takes and gives. */
export interface Operations {
${types.join('')}}

/** Where each function's request goes. */
export const routes: {
  [name in keyof Operations]: { method: string; path: string; query: readonly string[] };
} = {
${table.join('')}};
`;

const normal = (each) => each.replaceAll(/[\s,;|]/g, '');
if (process.argv.includes('--write')) {
  await writeFile(path, text);
} else if (normal(await readFile(path, 'utf8')) !== normal(text)) {
  console.error('packages/serve/src/client/generated.ts is stale: node tools/docs/client.mjs --write');
  process.exit(1);
}
