import type { Command } from 'commander';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

export function registerEngines(program: Command): void {
  const command = program.command('engines').description('list the engines and which of them work here');
  withOutputOptions(command).action(async (options: OutputOptions) => {
    await withSession(options, async ({ pipeline, output }) => {
      const engines = await pipeline.listEngines();
      output.table(
        engines.map(({ name, status }) => [name, status]),
        ['engine', 'status'],
      );
      output.json(engines);
    });
  });
}
