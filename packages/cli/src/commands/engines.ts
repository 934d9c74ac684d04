import type { EngineStatus } from '@ddad/pipeline';
import type { Command } from 'commander';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

export function registerEngines(program: Command): void {
  const command = program
    .command('engines')
    .description('list the engines, whether they work here, their speed, and what to do where they do not');
  withOutputOptions(command).action(async (options: OutputOptions) => {
    await withSession(options, async ({ pipeline, output }) => {
      const engines = await pipeline.listEngines();
      output.table(
        engines.map((engine) => [
          engine.name,
          state(engine),
          engine.gflops === undefined ? '' : engine.gflops.toPrecision(3),
          engine.device ?? '',
        ]),
        ['engine', 'state', 'GFLOP/s', 'device'],
      );
      for (const { works, status, remedy } of engines) {
        if (!works) output.line(`\n${remedy ? `${status}; ${remedy}` : status}`);
      }
      output.json(engines);
    });
  });
}

function state({ installed, works }: EngineStatus): string {
  if (!installed) return 'not installed';
  return works ? 'works' : 'does not work';
}
