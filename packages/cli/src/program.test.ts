import { exportFormats } from '@ddad/pipeline';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from './program.js';

const every = (command: Command): Command[] => [command, ...command.commands.flatMap(every)];

test.each([60, 80])('help fits into %i columns, and nothing of it is cut', (columns) => {
  const program = createProgram();
  const commands = every(program);
  expect(commands.length).toBeGreaterThan(22);
  for (const command of commands) {
    let help = '';
    command.configureOutput({ getOutHelpWidth: () => columns, writeOut: (text) => (help += text) });
    command.outputHelp();
    expect(help).toContain('--help');
    expect(help.split('\n').filter((line) => line.length > columns)).toEqual([]);
    const words = help.replaceAll(/\s+/g, ' ');
    const texts = command.createHelp().visibleOptions(command);
    for (const { description } of texts) expect(words).toContain(description);
    for (const { description } of command.registeredArguments) expect(words).toContain(description);
  }
});

test('help names every format of export', () => {
  const help = createProgram()
    .commands.find((command) => command.name() === 'export')!
    .helpInformation();
  for (const format of exportFormats) expect(help).toMatch(new RegExp(`\\b${format}\\b`));
});
