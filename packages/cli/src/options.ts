import type { Command } from 'commander';

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

/** Short forms of keys, in the order they are applied; `--set` comes last and wins. */
const shortForms = {
  preset: 'preset',
  kind: 'data.kind',
  root: 'data.root',
  category: 'data.category',
  weights: 'features.weights',
  skipBad: 'data.skipBad',
  seed: 'seed',
  engine: 'engine',
} as const;

export function withSetOption(command: Command): Command {
  return command.option(
    '--set <key=value>',
    'override a key of the configuration, e.g. model.w=4 (repeatable)',
    (value: string, all: string[] = []) => [...all, value],
  );
}

export function withConfigOptions(command: Command): Command {
  command
    .option('-c, --config <file>', 'configuration in YAML; config.yaml of the DDAD reference works too')
    .option('--preset <name>', 'small (default, for a CPU), ddad, ddad-s or reference')
    .option('--kind <name>', 'mvtec (default), visa, mtd, btad, mpdd, loco, mvtec2 or folder (data.kind)')
    .option('--root <folder>', 'folder of the data set (data.root)')
    .option('--category <name>', 'category of the data set (data.category)')
    .option(
      '--skip-bad',
      'leave out images that do not decode, and list them, instead of stopping (data.skipBad)',
    )
    .option(
      '--weights <file>',
      'pretrained extractor: a file, file.pth#key, imagenet or random (features.weights)',
    );
  withRunOptions(command);
  withSetOption(command);
  command.option('--dry-run', 'print the resolved configuration and stop');
  return withOutputOptions(command);
}

export function withRunOptions(command: Command): Command {
  return command
    .option('--seed <n>', 'seed of all randomness')
    .option('--engine <name>', 'auto, ort, ort-webgpu, tensorflow-gpu, ... (see: ddad engines)');
}

/** The options as dotted overrides, `--set` last. */
export function overridesOf(options: Partial<ConfigOptions>): string[] {
  const given: string[] = [];
  for (const [name, key] of Object.entries(shortForms)) {
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
