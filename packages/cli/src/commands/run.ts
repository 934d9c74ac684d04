import type { Command } from 'commander';
import { type ConfigOptions, withConfigOptions } from '../options.js';
import { printReport } from '../print-report.js';
import { withConfig } from '../session.js';

export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('train, adapt and eval in a row')
    .option('--resume', 'continue training and adaptation from the last saved state, bit for bit')
    .option('--overwrite', 'train from the beginning, whatever the checkpoint folder holds');
  withConfigOptions(command).action(
    async (options: ConfigOptions & { resume?: boolean; overwrite?: boolean }) => {
      await withConfig(options, async ({ pipeline, config, output, run }) => {
        const report = await pipeline.run(config, {
          ...run,
          resume: options.resume,
          overwrite: options.overwrite,
        });
        printReport(report, { pipeline, output });
        output.json(report);
      });
    },
  );
}
