import { checkOptions } from '@ddad/detector';
import { z } from 'zod';
import type { JsonSchema } from './json-schema.js';
import { presetDefaults } from './presets.js';
import { type Config, configSchema } from './schema.js';

/**
 * The JSON Schema (draft 7) of what a user writes into a configuration: every key with its text, none required, unknown
 * ones refused. `loadConfig` checks more: rules that concern several keys.
 *
 * @param options.preset whose values the schema gives as defaults @default 'auto'
 */
export function configJsonSchema(options: { preset?: Config['preset'] } = {}): JsonSchema {
  checkOptions('configJsonSchema', options, { preset: true });
  const { preset = 'auto' } = options;
  const schema = z.toJSONSchema(configSchema, {
    target: 'draft-07',
    io: 'input',
    override({ jsonSchema }) {
      delete jsonSchema.required;
      // zod's bound of every integer
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  }) as JsonSchema;
  const kind = schema.properties!.data!.properties!.kind!;
  kind.enum = ['auto', ...kind.enum!];
  schema.title = 'Configuration of ddad';
  giveDefaults(schema, presetDefaults(preset, {}));
  kind.default = 'auto';
  return schema;
}

/** Enters `defaults` into the properties; one that is left empty is filled in from other keys. */
function giveDefaults({ properties = {} }: JsonSchema, defaults: Record<string, unknown>): void {
  for (const [key, child] of Object.entries(properties)) {
    const value = defaults[key];
    if (child.properties) giveDefaults(child, value as Record<string, unknown>);
    else if (value !== undefined && value !== '') child.default = value;
  }
}
