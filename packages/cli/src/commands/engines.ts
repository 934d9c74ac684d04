import type { EngineStatus } from '@ddad/pipeline';
import type { Command } from 'commander';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

export function registerEngines(program: Command): void {
  const command = program
    .command('engines')
    .enablePositionalOptions() // --json of `engines add` is its own
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
  registerAdd(command);
  registerRemove(command);
}

interface AddCommandOptions extends OutputOptions {
  wheel?: string;
  python?: string;
}

function registerAdd(engines: Command): void {
  const command = engines
    .command('add')
    .description(
      "add ort-cuda: ONNX Runtime's CUDA provider out of the Python wheel of the same version, by pip; needs no " +
        'LD_LIBRARY_PATH',
    )
    .argument('<engine>', 'ort-cuda')
    .option('--wheel <file>', 'a wheel of onnxruntime-gpu that is there already')
    .option('--python <path>', "a Python whose packages bring CUDA's libraries, such as one with PyTorch");
  withOutputOptions(command).action(
    async (name: string, { wheel, python, ...options }: AddCommandOptions) => {
      await withSession(options, async ({ pipeline, output, notice, run: { signal } }) => {
        const added = await pipeline.addEngine({ name, wheel, python, signal, onNotice: notice });
        for (const path of added.files) output.line(`Wrote ${path}`);
        for (const folder of added.libraries) output.line(`It takes CUDA's libraries of ${folder}`);
        const { works, status, device = '', remedy } = added.status;
        if (works) output.line(`${name} works: ${device}`);
        else if (added.driver) output.line(remedy ? `${status}; ${remedy}` : status);
        else output.line(`${name} is added; it starts where there is an NVIDIA driver, which is not here`);
        output.json(added);
      });
    },
  );
}

function registerRemove(engines: Command): void {
  const command = engines
    .command('remove')
    .description("take away what `engines add` has put beside ONNX Runtime; CUDA's libraries stay")
    .argument('<engine>', 'ort-cuda');
  withOutputOptions(command).action(async (name: string, options: OutputOptions) => {
    await withSession(options, async ({ pipeline, output }) => {
      const files = await pipeline.removeEngine({ name });
      for (const path of files) output.line(`Removed ${path}`);
      if (!files.length) output.line('Nothing was added.');
      output.json({ files });
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
