import type { Command } from 'commander';
import { duration } from '../duration.js';
import { nextSteps } from '../next-steps.js';
import { type ConfigOptions, type OutOption, withConfigOptions, withFolder, withRoot } from '../options.js';
import { printReport } from '../print-report.js';
import { sayPlan, withConfig } from '../session.js';
import { printTuned } from './tune.js';

interface RunCommandOptions extends ConfigOptions, OutOption {
  resume?: boolean;
  overwrite?: boolean;
  budget?: number;
  instant?: boolean;
  tune?: boolean;
}

export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('make a detector from good images: at once by a memory of them, then train, adapt and eval')
    .option(
      '--budget <time>',
      'until the detector is to be ready, e.g. 90s, 10m or 2h (training.budget)',
      duration,
    )
    .option('--instant', 'stop after the first stage: a detector by its memory of good images alone')
    .option('--tune', 'choose how it reconstructs and scores on defects pasted into good images, before eval')
    .option('--resume', 'continue training and adaptation from the last saved state, bit for bit')
    .option('--overwrite', 'train from the beginning, whatever the checkpoint folder holds');
  withFolder(command);
  withConfigOptions(command, [
    ...(['preset', 'kind', 'root', 'category', 'imageSize', 'skipBad', 'steps', 'weights'] as const),
    ...(['falseAlarmRate', 'threshold', 'seed', 'engine'] as const),
  ]).action(
    async (
      folder: string | undefined,
      { resume, overwrite, instant, tune, budget, ...options }: RunCommandOptions,
    ) => {
      const set = [...(budget === undefined ? [] : [`training.budget=${budget}`]), ...(options.set ?? [])];
      await withConfig(
        withRoot(command, folder, { ...options, set }),
        async ({ pipeline, config, output, notice, run }) => {
          const finished = overwrite ? undefined : await pipeline.finishedRun(config, { instant });
          if (!finished) await sayPlan({ pipeline, notice, config, instant });
          const report = await pipeline.run(config, {
            ...{ ...run, resume, overwrite, instant, tune },
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
