import type { Command } from 'commander';
import { type KeyText, keyTexts } from './key-texts.js';

/** Options of every command. */
export interface OutputOptions {
  json?: boolean;
  verbose?: boolean;
}

/** Options of every command that runs with a configuration. */
export interface ConfigOptions extends OutputOptions {
  config?: string;
  set?: string[];
  preset?: string;
  kind?: string;
  root?: string;
  category?: string;
  weights?: string;
  skipBad?: boolean;
  seed?: string;
  engine?: string;
  dryRun?: boolean;
}

export function withOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print the result as JSON, and nothing else, on standard output')
    .option('--verbose', 'print details, and the stack of an error');
}

/** Keys with a flag of their own, in the order they are applied; `--set` comes last and wins. */
export const shortForms = {
  preset: { key: 'preset', flag: '--preset <name>' },
  kind: { key: 'data.kind', flag: '--kind <name>' },
  root: { key: 'data.root', flag: '--root <folder>' },
  category: { key: 'data.category', flag: '--category <name>' },
  weights: { key: 'features.weights', flag: '--weights <file>' },
  skipBad: { key: 'data.skipBad', flag: '--skip-bad' },
  seed: { key: 'seed', flag: '--seed <n>' },
  engine: { key: 'engine', flag: '--engine <name>' },
} as const;

/** `command` with the flag of a key, described as the schema of the configuration does. */
function withShortForm(command: Command, name: keyof typeof shortForms): Command {
  const { key, flag } = shortForms[name];
  const { text, values, initial }: KeyText = keyTexts[key];
  const named = values?.map((value) => (value === initial ? `${value} (default)` : value)).join(', ');
  const sentence = text.replace(/\.$/, '').replaceAll('`', '');
  const words = sentence.charAt(0).toLowerCase() + sentence.slice(1);
  return command.option(flag, [words, named].filter(Boolean).join(': ') + (key === name ? '' : ` (${key})`));
}

export function withSetOption(command: Command): Command {
  return command.option(
    '--set <key=value>',
    'override a key of the configuration, e.g. model.w=4 (repeatable)',
    (value: string, all: string[] = []) => [...all, value],
  );
}

export function withConfigOptions(command: Command): Command {
  command.option('-c, --config <file>', 'configuration in YAML; config.yaml of the DDAD reference works too');
  for (const name of ['preset', 'kind', 'root', 'category', 'skipBad', 'weights'] as const) {
    withShortForm(command, name);
  }
  withRunOptions(command);
  withSetOption(command);
  command.option('--dry-run', 'print the resolved configuration and stop');
  return withOutputOptions(command);
}

export function withRunOptions(command: Command): Command {
  return withShortForm(withShortForm(command, 'seed'), 'engine');
}

/** The options as dotted overrides, `--set` last. */
export function overridesOf(options: Partial<ConfigOptions>): string[] {
  const given: string[] = [];
  for (const [name, { key }] of Object.entries(shortForms)) {
    const value = options[name as keyof typeof shortForms];
    // A seed is a number; anything else is text, whatever YAML would make of it.
    if (value !== undefined) given.push(`${key}=${name === 'seed' ? value : JSON.stringify(value)}`);
  }
  return [...given, ...(options.set ?? [])];
}

/** Ends `command` where nothing says which detector is meant. */
export function needCheckpointOrConfig(command: Command, { config, root, set }: ConfigOptions): void {
  if (config === undefined && root === undefined && set === undefined) {
    command.error(
      'error: needs the folder of a trained detector (--checkpoint), or the configuration it was trained with (--config)',
    );
  }
}
