import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { configJsonSchema } from './config-json-schema.js';
import type { JsonSchema } from './json-schema.js';
import { loadConfig } from './load-config.js';

const accepts = new Ajv({ strict: true, allowUnionTypes: true }).compile(configJsonSchema());
const data = { root: 'data', category: 'weave' };

/** Every key with its schema, sections first. */
function keys({ properties = {} }: JsonSchema, prefix = ''): [string, JsonSchema][] {
  return Object.entries(properties).flatMap(([key, child]): [string, JsonSchema][] => [
    [prefix + key, child],
    ...keys(child, `${prefix}${key}.`),
  ]);
}

test('every key has a text, which is a sentence', () => {
  const all = keys(configJsonSchema());
  expect(all.map(([key]) => key)).toEqual(expect.arrayContaining(['seed', 'training.augment.rotation']));
  for (const [key, { description }] of all) expect(description, key).toMatch(/^\S.*\.$/);
});

test('no key is required and an unknown one is refused, at every depth', () => {
  expect(accepts({})).toBe(true);
  for (const [key, { properties }] of [['', configJsonSchema()] as const, ...keys(configJsonSchema())]) {
    if (!properties) continue;
    const at = (value: unknown) =>
      key
        .split('.')
        .filter(Boolean)
        .reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
    expect(accepts(at({})), key).toBe(true);
    expect(accepts(at({ unknown: 1 })), key).toBe(false);
  }
});

test.each(['auto', 'small', 'ddad', 'ddad-s', 'reference'] as const)(
  'the defaults of %s are what loadConfig fills in',
  (preset) => {
    const config = loadConfig({ preset, data });
    expect(accepts(config), JSON.stringify(accepts.errors)).toBe(true);
    for (const [key, { properties, default: value }] of keys(configJsonSchema({ preset }))) {
      const resolved = key
        .split('.')
        .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], config);
      if (key === 'data.kind') expect(value).toBe('auto');
      else if (['data.root', 'data.name'].includes(key)) expect(value, key).toBeUndefined();
      else if (!properties && key !== 'data.category') expect(value, key).toEqual(resolved);
    }
  },
);

test.each([
  ['training', 'epochs', 3, 0],
  ['training', 'learningRate', 1e-9, 0],
  ['training', 'ema', 0, 1],
  ['training', 'patience', null, 1.5],
  ['training', 'microBatchSize', 4, '4'],
  ['model', 'eta', 1, 1.01],
  ['model', 'channelMultipliers', [1, 0.5], []],
  ['model', 'reconstruction', 'few-step', 'two-step'],
  ['scoring', 'crop', 1, 0],
  ['scoring', 'threshold', -2, 'given'],
  ['scoring', 'falseAlarmRate', 0.5, 1],
  ['checkpoint', 'unet', 'last', 'first'],
  ['data', 'channels', 1, 2],
  ['data', 'kind', 'loco', 'coco'],
  ['data', 'skipBad', true, 'yes'],
  ['data', 'test', null, ''],
])('%s.%s: an editor and loadConfig accept %j and refuse %j', (section, key, good, bad) => {
  const rest = section === 'training' ? { validateEvery: 1 } : section === 'data' ? data : {};
  const input = (value: unknown) => ({ data, [section]: { ...rest, [key]: value } });
  expect(accepts(input(good)), JSON.stringify(accepts.errors)).toBe(true);
  loadConfig(input(good));
  expect(accepts(input(bad))).toBe(false);
  expect(() => loadConfig(input(bad))).toThrow(key);
});
