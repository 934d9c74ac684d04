import { stringify } from 'yaml';
import { configJsonSchema } from './config-json-schema.js';
import type { JsonSchema } from './json-schema.js';
import { isPlainObject } from './overrides.js';
import type { ConfigInput } from './schema.js';

/** What is often changed: written as a comment where it is not set. */
const suggested = [
  ...['seed', 'engine', 'data.imageSize', 'data.fit', 'data.skipBad', 'training.budget'],
  ...['features.backbone', 'features.weights', 'scoring.threshold', 'scoring.falseAlarmRate'],
  ...['scoring.confidence', 'scoring.holdBack', 'output.checkpoints', 'output.results'],
];

/** Columns of the comments. */
const width = 100;

/**
 * A configuration as YAML that `loadConfig` reads, each key below what it means, and those that are often changed as comments
 * with the values that they have.
 *
 * @param head lines above
 */
export function commentedConfig(input: ConfigInput, { head }: { head: readonly string[] }): string {
  const { properties = {} } = configJsonSchema({ preset: input.preset });
  const blocks = Object.entries(properties).flatMap(([key, schema]) => {
    const value = (input as Record<string, unknown>)[key];
    return schema.properties ? section(key, schema, value) : entry(key, schema, { path: key, value });
  });
  return `${[head.map(comment), ...blocks].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function section(name: string, schema: JsonSchema, values: unknown): string[][] {
  const given = isPlainObject(values) ? values : {};
  const entries = Object.entries(schema.properties!).flatMap(([key, child]) => {
    const path = `${name}.${key}`;
    if (child.properties && given[key] !== undefined) return [[`${key}: ${flow(given[key])}`]];
    return entry(key, child, { path, value: given[key] });
  });
  if (!entries.length) return [];
  const isSet = Object.keys(given).length > 0;
  const lines = [
    `${name}:`,
    ...entries.flatMap((each) => (isSet ? each : opened(each)).map((line) => `  ${line}`)),
  ];
  return [[...wrapped(schema.description ?? '').map(comment), ...(isSet ? lines : lines.map(comment))]];
}

/** A key that is a comment without that mark, below its text: the whole section gets one. */
function opened(entry: readonly string[]): string[] {
  return [...entry.slice(0, -1), ...entry.slice(-1).map((line) => line.replace(/^# /, ''))];
}

function entry(
  key: string,
  schema: JsonSchema,
  { path, value }: { path: string; value: unknown },
): string[][] {
  if (value === undefined && !suggested.includes(path)) return [];
  const text = wrapped(schema.description ?? '').map(comment);
  if (value !== undefined) return [[...text, `${key}: ${flow(value)}`]];
  return [[...text, comment(`${key}: ${schema.default === undefined ? '' : flow(schema.default)}`)]];
}

/** On one line. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}

function comment(line: string): string {
  return line ? `# ${line}` : '#';
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
