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
