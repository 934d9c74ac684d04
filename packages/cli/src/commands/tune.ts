import type { Command } from 'commander';
import { asCommandLine } from '../as-command-line.js';
import { whole } from '../option-values.js';
import type { Output } from '../output.js';
import type { Session } from '../session.js';
import { formatSeconds } from '../time-left.js';
import { type DetectorOptions, withDetector, withDetectorOptions } from '../with-detector.js';

export function registerTune(program: Command): void {
  const command = program
    .command('tune')
    .description('choose how a trained detector reconstructs and scores, on defects pasted into good images')
    .option('--defects <n>', 'defects that are pasted, at least (default 48)', whole);
  withDetectorOptions(command, ['seed', 'skipBad', 'engine']);
  command.action(async ({ defects, seed, ...options }: DetectorOptions & { defects?: number }) => {
    await withDetector(command, options, {
      task: 'calibrate',
      async work({ pipeline, output, run, checkpoint, overrides }) {
        const result = await pipeline.tune(checkpoint, {
          ...{ ...run, overrides, defects },
          ...(seed !== undefined && { seed: Number(seed) }),
        });
        printTuned(result, { pipeline, output });
        output.json(result);
      },
    });
  });
}

/** What was tried, what was chosen, and how sure that is. */
export function printTuned(
  result: Awaited<ReturnType<Session['pipeline']['tune']>>,
  { pipeline, output }: Pick<Session, 'pipeline'> & { output: Output },
): void {
  output.table(
    result.tried.map(({ axis, settings, imageAuroc, pixelAuroc, gain }, i) => [
      i === result.chosen ? `${axis} (chosen)` : axis,
      settings,
      imageAuroc.toFixed(3),
      pixelAuroc.toFixed(3),
      gain ? signed(gain.mean) : '',
      gain ? `${signed(gain.low)} to ${signed(gain.high)}` : '',
    ]),
    ['varied', 'settings', 'image AUROC', 'pixel AUROC', 'gain', '90 % interval'],
  );
  for (const line of pipeline.describeTuning(result)) output.line(asCommandLine(line));
  output.line(`Done in ${formatSeconds(result.seconds)}.`);
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}
