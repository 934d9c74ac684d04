import type { Command } from 'commander';
import { type ConfigOptions, type OutOption, withConfigOptions, withFolder, withRoot } from '../options.js';
import { printReport } from '../print-report.js';
import { withConfig } from '../session.js';

interface EvalCommandOptions extends ConfigOptions, OutOption {
  failUnder?: string[];
  junit?: string;
  submission?: string;
}

/** Exit code of `eval --fail-under` where a metric is below its limit. */
const failedExitCode = 3;

export function registerEval(program: Command): void {
  const command = program
    .command('eval')
    .description('score the test images and write metrics.json, scores.csv, maps/ and report.html')
    .option(
      '--fail-under <metric=value>',
      `end with exit code ${failedExitCode} if a metric is lower, e.g. imageAuroc=0.95 (repeatable)`,
      (value: string, all: string[] = []) => [...all, value],
    )
    .option('--junit <file>', 'write the metrics here, for build servers: JUnit XML, a test case each')
    .option(
      '--submission <folder>',
      'of MVTec AD 2: write here what its server judges, of the private test images',
    );
  withFolder(command);
  withConfigOptions(command, [
    ...(['preset', 'kind', 'root', 'category', 'imageSize', 'skipBad'] as const),
    ...(['falseAlarmRate', 'threshold', 'seed', 'engine'] as const),
  ]).action(async (folder: string | undefined, options: EvalCommandOptions) => {
    const { failUnder = [], junit, submission } = options;
    await withConfig(
      withRoot(command, folder, options),
      async ({ pipeline, config, output, notice, run }) => {
        const limits = pipeline.parseMetricLimits(failUnder);
        const writeJunit = junit === undefined ? undefined : await pipeline.junitFile(junit);
        const report = await pipeline.evaluate(config, { ...run, submission });
        printReport(report, { pipeline, output });
        const checked = pipeline.checkLimits(report, limits);
        if (writeJunit) {
          await writeJunit(report, checked);
          output.line(`JUnit: ${junit}`);
        }
        output.json(report);
        const unmet = pipeline.describeUnmet(checked);
        if (!unmet) return;
        notice(`ddad: ${unmet}`);
        process.exitCode = failedExitCode;
      },
    );
  });
}
