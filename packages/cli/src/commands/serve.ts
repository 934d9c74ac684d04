import { readFile } from 'node:fs/promises';
import type { ServeOptions } from '@ddad/serve';
import { type Command, InvalidArgumentError } from 'commander';
import { asCommandLine } from '../as-command-line.js';
import { onInterrupt } from '../interrupt.js';
import { whole } from '../option-values.js';
import { type OutputOptions, withOutputOptions, withShortForms } from '../options.js';
import { createOutput } from '../output.js';
import { type ReceiverOptions, receiversOf, withReceivers } from '../receivers.js';

interface ServeCommandOptions
  extends OutputOptions,
    ReceiverOptions,
    Pick<ServeOptions, 'host' | 'port' | 'store' | 'engine' | 'workers' | 'threads'> {
  tokenFile?: string;
  cors?: string[];
  limit?: [string, number][];
  verdicts?: string;
  overlays?: boolean;
}

export function registerServe(program: Command): void {
  const command = program
    .command('serve')
    .description('answer over HTTP what trained detectors see in images')
    .argument('<detectors...>', 'folders of trained detectors or .ddad files; name=place gives one a name')
    .option(
      '--host <address>',
      'address to listen on; beyond this machine needs a token (default: 127.0.0.1)',
    )
    .option('--port <n>', 'port to listen on, 0 for any that is free (default: 8017)', whole)
    .option('--token-file <file>', 'file of the token that requests must bear; else $DDAD_TOKEN')
    .option(
      '--cors <origin>',
      'let pages of this origin use it (repeatable)',
      (value, all: string[] = []) => [...all, value],
    )
    .option(
      '--limit <name=value>',
      'override a limit: bytes, pixels, files, queue, seconds, detectorBytes (repeatable)',
      (value, all: [string, number][] = []): [string, number][] => [...all, limit(value)],
    )
    .option('--store <folder>', 'keep versions, judgements and logs here; else beside each detector')
    .option('--verdicts <folder>', 'keep every verdict in verdicts.jsonl there; receivers get them from it')
    .option('--overlays', 'keep each picture with heat map and framed regions in overlays/ there')
    .option('--workers <n>', 'threads that detect, each with all detectors in memory', whole)
    .option('--threads <n>', "threads of each worker's engine", whole);
  withShortForms(command, ['engine']);
  withOutputOptions(withReceivers(command)).action(async (places: string[], options: ServeCommandOptions) => {
    const verdicts = verdictsOf(command, options);
    const output = createOutput(process.stdout, { json: options.json ?? false });
    const say = (message: string) => void process.stderr.write(`ddad: ${asCommandLine(message)}\n`);
    const interrupt = onInterrupt({
      onFirst: () => say('answering what has come, then ending. Press Ctrl-C again to exit at once.'),
      onSecond: () => say('interrupted at once'),
    });
    try {
      const { host, port, store, engine, workers, threads, cors, limit } = options;
      const token = await tokenOf(command, options.tokenFile);
      const { serve } = await import('@ddad/serve');
      const station = await serve({
        ...{ detectors: places.map(named), host, port, token, cors, store, engine },
        ...{ verdicts, workers, threads },
        limits: Object.fromEntries(limit ?? []),
        onNotice: say,
      });
      output.line(`Serving ${station.detectors.join(', ')} on ${station.url}`);
      output.jsonLine({ url: station.url, detectors: station.detectors });
      if (!interrupt.signal.aborted) {
        await new Promise((resolve) => interrupt.signal.addEventListener('abort', resolve));
      }
      await station.close();
    } finally {
      interrupt.release();
    }
  });
}

/** Where verdicts go; undefined without a folder. */
function verdictsOf(command: Command, options: ServeCommandOptions): ServeOptions['verdicts'] {
  const { verdicts: folder, overlays } = options;
  const receivers = receiversOf(command, options);
  if (folder !== undefined) return { folder, overlays, ...receivers };
  for (const name of ['overlays', 'webhook', 'mqtt'] as const) {
    if (options[name] !== undefined) command.error(`error: --${name} needs --verdicts`);
  }
  return undefined;
}

/** Not an argument: those are seen by everybody on the machine. */
async function tokenOf(command: Command, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return process.env.DDAD_TOKEN || undefined;
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    return command.error(`error: --token-file: cannot read ${file}: ${(error as Error).message}`);
  }
}

/** `name=place`, or a place alone. */
function named(text: string): string | [string, string] {
  const [, name, place] = /^([\w.-]+)=(.+)$/.exec(text) ?? [];
  return name ? [name, place] : text;
}

function limit(text: string): [string, number] {
  const [, name, value] = /^(\w+)=(\d+)$/.exec(text) ?? [];
  if (!name) throw new InvalidArgumentError('needs name=value, e.g. queue=32');
  return [name, Number(value)];
}
