import { type Command, Option } from 'commander';
import { threshold } from '../option-values.js';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { type ReceiverOptions, receiversOf, withReceivers } from '../receivers.js';
import { withSession } from '../session.js';

interface WatchOptions extends OutputOptions, ReceiverOptions {
  checkpoint: string;
  out?: string;
  overlays?: boolean;
  settle?: string;
  once?: boolean;
  threshold?: number;
  engine?: string;
}

export function registerWatch(program: Command): void {
  const command = program
    .command('watch')
    .description('judge every picture that appears in a folder, once, and tell others')
    .argument('<folder>', 'the folder; those below it count too')
    .requiredOption('--checkpoint <folder>', 'folder of a trained detector, or its bundle')
    .option(
      '--out <folder>',
      'verdicts.jsonl and how far each receiver has come (default: <folder>-verdicts)',
    )
    .option('--overlays', 'write each picture with heat map and framed regions into overlays/ there')
    .option('--settle <seconds>', 'a file is complete when it has stayed as it is for so long (default: 1)')
    .option('--once', 'end when all that is there is judged and told')
    .addOption(
      new Option(
        '--threshold <score>',
        "scores at or above it are anomalous (default: the detector's)",
      ).argParser(threshold),
    )
    .option('--engine <name>', 'what computes (default: auto)');
  withOutputOptions(withReceivers(command)).action(async (folder: string, options: WatchOptions) => {
    const receivers = receiversOf(command, options);
    await withSession(options, async ({ output, notice, run: { signal } }) => {
      const { watch } = await import('@ddad/serve');
      const { checkpoint, out, overlays, settle, once, engine } = options;
      await watch(folder, {
        ...{ detector: checkpoint, out, overlays, once, engine, threshold: options.threshold, signal },
        settle: settle === undefined ? undefined : Number(settle),
        ...receivers,
        onNotice: notice,
        onReady: ({ judged }) => notice(`watching ${folder}; ${judged} judged before`),
        onVerdict(verdict) {
          output.jsonLine(verdict);
          const { path } = verdict.image;
          if ('error' in verdict) notice(`ddad: ${path}: ${verdict.error}`);
          else
            output.line(
              `${(verdict.anomalous ? 'anomalous' : 'good').padEnd(9)}  ${verdict.score.toFixed(4)}  ${path}`,
            );
        },
      });
    });
  });
}
