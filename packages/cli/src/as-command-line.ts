import { shortForms } from './options.js';

/** Where a flag is not the option's name in kebab case. */
const flags: Record<string, string> = {
  ...{ overrides: '--set', formats: '--format' },
  ...{ limits: '--limit', token: '--token-file', detectors: 'the argument <detectors>' },
};

/** Commands by the function of `@ddad/pipeline` that they call. */
const commands: Record<string, string> = {
  run: 'run',
  train: 'train',
  adapt: 'adapt',
  evaluate: 'eval',
  detectFiles: 'detect',
  calibrateDetector: 'calibrate',
  init: 'init',
  tune: 'tune',
  exportDetector: 'export',
  downloadVisa: 'download visa',
  downloadWeights: 'download weights',
  listEngines: 'engines',
  reproduce: 'reproduce',
  compareRuns: 'compare',
  collectReproduction: 'reproduce --collect',
};

/** Flags by the key of the configuration that they set. */
const keys: Record<string, string> = Object.fromEntries(
  Object.values(shortForms).map(({ key, flag }) => [key, flag.split(' ')[0]]),
);

/** The function of a library that opens a message. */
const functionName = /^[a-z]+[A-Z]\w*: /;

/**
 * What a library says, in the words of the command line: `option resume` is `--resume`, a function in backticks the
 * command that calls it, `give data.root` also `or --root`.
 */
export function asCommandLine(text: string): string {
  return text
    .replace(functionName, '')
    .replaceAll(/\boption (\w+)/g, (_, name: string) => flags[name] ?? `--${kebab(name)}`)
    .replaceAll(/`(\w+)`/g, (whole, name: string) => (commands[name] ? `\`ddad ${commands[name]}\`` : whole))
    .replaceAll(/\bgive (data\.\w+)/g, (whole, key: string) =>
      keys[key] ? `${whole} or ${keys[key]}` : whole,
    );
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
