import { expect, test } from 'vitest';
import { asCommandLine } from './as-command-line.js';
import { createProgram } from './program.js';

test('options become flags, functions commands', () => {
  expect(asCommandLine('option overwrite replaces it; `calibrateDetector` sets it anew')).toBe(
    '--overwrite replaces it; `ddad calibrate` sets it anew',
  );
  expect(asCommandLine('option falseAlarmRate and option formats')).toBe('--false-alarm-rate and --format');
  expect(asCommandLine('needs the folder; give data.root')).toBe(
    'needs the folder; give data.root or --root',
  );
  expect(asCommandLine('readStateDict: there is no weights file x.pth')).toBe(
    'there is no weights file x.pth',
  );
  expect(asCommandLine('config: unknown key')).toBe('config: unknown key');
  expect(asCommandLine('`x` and `unet` stay')).toBe('`x` and `unet` stay');
});

test('every command it names is there', () => {
  const program = createProgram();
  for (const name of [
    'run',
    'train',
    'adapt',
    'evaluate',
    'detectFiles',
    'calibrateDetector',
    'downloadVisa',
  ]) {
    const [, command, sub] = /^`ddad (\w+)(?: (\w+))?`$/.exec(asCommandLine(`\`${name}\``))!;
    const found = program.commands.find((each) => each.name() === command);
    expect(found, name).toBeDefined();
    if (sub) expect(found!.commands.map((each) => each.name())).toContain(sub);
  }
});
