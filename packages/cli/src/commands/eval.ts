import type { Command } from 'commander';
import { type ConfigOptions, type OutOption, withConfigOptions, withFolder, withRoot } from '../options.js';
import { printReport } from '../print-report.js';
import { withConfig } from '../session.js';

export function registerEval(program: Command): void {
  const command = program
    .command('eval')
    .description('score the test images and write metrics.json, scores.csv, maps/ and report.html');
  withFolder(command);
  withConfigOptions(command, [
    ...(['preset', 'kind', 'root', 'category', 'imageSize', 'skipBad'] as const),
    ...(['falseAlarmRate', 'threshold', 'seed', 'engine'] as const),
  ]).action(async (folder: string | undefined, options: ConfigOptions & OutOption) => {
    await withConfig(withRoot(command, folder, options), async ({ pipeline, config, output, run }) => {
      const report = await pipeline.evaluate(config, run);
      printReport(report, { pipeline, output });
      output.json(report);
    });
  });
}
