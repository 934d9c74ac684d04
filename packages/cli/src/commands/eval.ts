import type { Command } from 'commander';
import { type ConfigOptions, withConfigOptions } from '../options.js';
import { printReport } from '../print-report.js';
import { withConfig } from '../session.js';

export function registerEval(program: Command): void {
  const command = program
    .command('eval')
    .description('score the test images and write metrics.json, scores.csv, maps/ and report.html');
  withConfigOptions(command).action(async (options: ConfigOptions) => {
    await withConfig(options, async ({ pipeline, config, output, run }) => {
      const report = await pipeline.evaluate(config, run);
      printReport(report, { pipeline, output });
      output.json(report);
    });
  });
}
