import { exportFormats } from '@ddad/pipeline';
import { expect, test } from 'vitest';
import { createProgram } from './program.js';

test.each([60, 80])('help fits into %i columns', (columns) => {
  const program = createProgram();
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ getOutHelpWidth: () => columns });
    const help = command.helpInformation();
    expect(help).toContain('--help');
    expect(help.split('\n').filter((line) => line.length > columns)).toEqual([]);
  }
});

test('help names every format of export', () => {
  const help = createProgram()
    .commands.find((command) => command.name() === 'export')!
    .helpInformation();
  for (const format of exportFormats) expect(help).toMatch(new RegExp(`\\b${format}\\b`));
});
