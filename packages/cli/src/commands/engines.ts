import type { EngineStatus } from '@ddad/pipeline';
import type { Command } from 'commander';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

export function registerEngines(program: Command): void {
  const command = program
    .command('engines')
    .description('list the engines, whether they work here, their speed, and what to do where they do not');
  withOutputOptions(command).action(async (options: OutputOptions) => {
    // Loading and trying take seconds; that something happens shows at once.
    if (!options.json) process.stdout.write(`${row('engine', 'state', 'GFLOP/s', 'device')}\n`);
    await withSession(options, async ({ pipeline, output }) => {
      const engines = await pipeline.listEngines({
        onEngine: (engine) => {
          const { name, gflops, device = '' } = engine;
          output.line(row(name, state(engine), gflops?.toPrecision(3) ?? '', device));
        },
      });
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

function row(name: string, state: string, gflops: string, device: string): string {
  return `${name.padEnd(14)}  ${state.padEnd(13)}  ${gflops.padStart(7)}  ${device}`.trimEnd();
}
