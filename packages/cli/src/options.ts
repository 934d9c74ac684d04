import { type Command, Option } from 'commander';
import { type KeyText, keyTexts } from './key-texts.js';
import { rate, threshold, whole } from './option-values.js';

/** Options of every command. */
export interface OutputOptions {
  json?: boolean;
  verbose?: boolean;
}

/** Keys with a flag of their own, in the order they are applied; `--set` comes last and wins. */
export const shortForms = {
  preset: { key: 'preset', flag: '--preset <name>' },
  kind: { key: 'data.kind', flag: '--kind <name>' },
  root: { key: 'data.root', flag: '--root <folder>' },
  category: { key: 'data.category', flag: '--category <name>' },
  imageSize: { key: 'data.imageSize', flag: '--image-size <pixels>', parse: whole },
  skipBad: { key: 'data.skipBad', flag: '--skip-bad' },
  steps: { key: 'training.steps', flag: '--steps <n>', parse: whole },
  weights: { key: 'features.weights', flag: '--weights <file>' },
  threshold: { key: 'scoring.threshold', flag: '--threshold <score>', parse: threshold },
  falseAlarmRate: { key: 'scoring.falseAlarmRate', flag: '--false-alarm-rate <rate>', parse: rate },
  seed: { key: 'seed', flag: '--seed <n>', parse: whole },
  engine: { key: 'engine', flag: '--engine <name>' },
} as const satisfies Record<
  string,
  { key: keyof typeof keyTexts; flag: string; parse?: (text: string) => number | string }
>;

export type ShortForm = keyof typeof shortForms;

/** Options of a command that runs with a configuration; each offers those it uses. */
export interface ConfigOptions extends OutputOptions, Partial<Record<ShortForm, string | number | boolean>> {
  config?: string;
  set?: string[];
  dryRun?: boolean;
}

/** Where everything goes of a command that writes checkpoints or results. */
export interface OutOption {
  out?: string;
}

export function withOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print the result as JSON, and nothing else, on standard output')
    .option('--verbose', 'print details, and the stack of an error');
}

/** `command` with the flags of keys, described as the schema of the configuration does. */
export function withShortForms(command: Command, names: readonly ShortForm[]): Command {
  for (const name of names) {
    const { key, flag, ...rest } = shortForms[name];
    const { text, values, initial }: KeyText = keyTexts[key];
    const named = values?.map((value) => (value === initial ? `${value} (default)` : value)).join(', ');
    const sentence = text.replace(/\.$/, '').replaceAll('`', '');
    const words = sentence.charAt(0).toLowerCase() + sentence.slice(1);
    const option = new Option(
      flag,
      [words, named].filter(Boolean).join(': ') + (key === name ? '' : ` (${key})`),
    );
    if ('parse' in rest) option.argParser(rest.parse);
    command.addOption(option);
  }
  return command;
}

export function withSetOption(command: Command): Command {
  return command.option(
    '--set <key=value>',
    'override a key of the configuration, e.g. model.w=4 (repeatable)',
    (value: string, all: string[] = []) => [...all, value],
  );
}

/** `command` with a configuration: the file, the flags of `names`, `--set`, `--dry-run`, and those of its output. */
export function withConfigOptions(command: Command, names: readonly ShortForm[]): Command {
  command.option('-c, --config <file>', 'configuration in YAML; config.yaml of the DDAD reference works too');
  withSetOption(withShortForms(command, names));
  command.option('--dry-run', 'print the resolved configuration and stop');
  return withOutputOptions(command);
}

/** `command` with the folder of the data set as an argument, and the folder that everything goes to. */
export function withFolder(command: Command, { out = true } = {}): Command {
  command.argument('[folder]', 'folder of the data set; the same as --root');
  if (!out) return command;
  return command.option(
    '--out <folder>',
    'write checkpoints/ and results/ into this folder (output.checkpoints, output.results)',
  );
}

/** `options` of a command with a folder as an argument. */
export function withRoot<T extends ConfigOptions>(
  command: Command,
  folder: string | undefined,
  options: T,
): T {
  if (folder === undefined) return options;
  if (options.root !== undefined) {
    command.error(`error: the folder of the data set is given twice: ${folder} and --root ${options.root}`);
  }
  return { ...options, root: folder };
}

/** The options as dotted overrides, `--set` last. */
export function overridesOf(options: ConfigOptions & OutOption): string[] {
  const given: string[] = [];
  for (const [name, { key }] of Object.entries(shortForms)) {
    const value = options[name as ShortForm];
    if (value === undefined) continue;
    // A training has one length.
    if (name === 'steps') given.push('training.epochs=null');
    given.push(`${key}=${JSON.stringify(value)}`);
  }
  return [...given, ...(options.set ?? [])];
}

/** `--out` of {@link withFolder} as overrides. */
export function outputOverrides({ out }: OutOption): string[] {
  if (out === undefined) return [];
  const below = (name: string) =>
    JSON.stringify(`${out.replace(/[/\\]+$/, '') || out}/${name}/{dataset}/{category}`);
  return [`output.checkpoints=${below('checkpoints')}`, `output.results=${below('results')}`];
}
