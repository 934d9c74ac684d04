import type { Command } from 'commander';
import { duration } from '../duration.js';
import { nextSteps } from '../next-steps.js';
import { whole } from '../option-values.js';
import { type ConfigOptions, type OutOption, withConfigOptions, withFolder, withRoot } from '../options.js';
import { printReport } from '../print-report.js';
import { printSeeds } from '../print-seeds.js';
import { sayPlan, withConfig } from '../session.js';
import { printTuned } from './tune.js';

interface RunCommandOptions extends ConfigOptions, OutOption {
  resume?: boolean;
  overwrite?: boolean;
  budget?: number;
  instant?: boolean;
  tune?: boolean;
  seeds?: number;
}

export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('make a detector from good images: at once by a memory of them, then train, adapt and eval')
    .option(
      '--budget <time>',
      'at most this long until the detector is ready, e.g. 90s or 10m (training.budget)',
      duration,
    )
    .option('--instant', 'stop after the first stage: a detector by its memory of good images alone')
    .option('--tune', 'choose how it reconstructs and scores on defects pasted into good images, before eval')
    .option(
      '--seeds <n>',
      'so many runs, with --seed and those after it, a folder each: mean and deviation',
      whole,
    )
    .option('--resume', 'continue training and adaptation from the last saved state, bit for bit')
    .option('--overwrite', 'train from the beginning, whatever the checkpoint folder holds');
  withFolder(command);
  withConfigOptions(command, [
    ...(['preset', 'kind', 'root', 'category', 'imageSize', 'skipBad', 'steps', 'weights'] as const),
    ...(['falseAlarmRate', 'threshold', 'seed', 'engine'] as const),
  ]).action(
    async (
      folder: string | undefined,
      { resume, overwrite, instant, tune, seeds, budget, ...options }: RunCommandOptions,
    ) => {
      const set = [...(budget === undefined ? [] : [`training.budget=${budget}`]), ...(options.set ?? [])];
      await withConfig(
        withRoot(command, folder, { ...options, set }),
        async ({ pipeline, config, output, notice, run }) => {
          const asked = { ...run, resume, overwrite, instant, tune };
          if (seeds !== undefined) {
            await sayPlan({ pipeline, notice, config, instant });
            const summary = await pipeline.runSeeds(config, {
              ...{ ...asked, seeds },
              onSeed: ({ seed, number, seeds }) => notice(`seed ${seed}, ${number} of ${seeds}`),
            });
            printSeeds(summary, { pipeline, output });
            output.json(summary);
            return;
          }
          const finished = overwrite ? undefined : await pipeline.finishedRun(config, { instant, tune });
          if (!finished) await sayPlan({ pipeline, notice, config, instant });
          const report = await pipeline.run(config, {
            ...asked,
            onTuned: (result) => printTuned(result, { pipeline, output }),
          });
          printReport(report, { pipeline, output });
          const checkpoint = pipeline.checkpointFolder(config);
          for (const line of nextSteps(report, { checkpoint })) output.line(line);
          output.json(report);
        },
        { plan: true },
      );
    },
  );
}
