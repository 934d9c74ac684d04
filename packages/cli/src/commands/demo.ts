import type { Metrics } from '@ddad/pipeline';
import type { Command } from 'commander';
import {
  type OutputOptions,
  overridesOf,
  withOutputOptions,
  withSetOption,
  withShortForms,
} from '../options.js';
import { withSession } from '../session.js';
import { formatSeconds } from '../time-left.js';

interface DemoOptions extends OutputOptions {
  out: string;
  set?: string[];
  seed?: number;
  engine?: string;
  dryRun?: boolean;
}

export function registerDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('make a synthetic data set, then train, adapt and evaluate on it; a few minutes on a CPU')
    .option('--out <folder>', 'where everything goes', 'ddad-demo');
  withShortForms(command, ['seed', 'engine']);
  withSetOption(command);
  command.option('--dry-run', 'print the resolved configuration and stop');
  withOutputOptions(command).action(async (options: DemoOptions) => {
    await withSession(options, async ({ pipeline, output, run }) => {
      const demoOptions = { out: options.out, overrides: overridesOf(options) };
      if (options.dryRun) {
        const config = pipeline.demoConfig(demoOptions);
        output.line(pipeline.formatConfig(config).trimEnd());
        output.json(config);
        return;
      }
      const result = await pipeline.demo({ ...demoOptions, ...run });
      const { baselineNames, termNames, metricNames } = pipeline;
      const shown = ['imageAuroc', 'pixelAuroc', 'aupro'] as const;
      const row = (name: string, metrics: Metrics) => [
        name,
        ...shown.map((key) => metrics[key]?.toFixed(4) ?? '-'),
      ];
      output.line();
      output.table(
        [
          row('DDAD and memory together', result.metrics),
          row(termNames.ddad, result.terms.ddad),
          row(termNames.memory, result.terms.memory),
          row(baselineNames.pixelStatistics, result.baselines.pixelStatistics),
          row(baselineNames.nearestFeatures, result.baselines.nearestFeatures),
        ],
        ['', ...shown.map((key) => metricNames[key])],
      );
      output.line();
      output.line(pipeline.describeRepair(result.repair));
      output.line(`Report: ${result.files.report}`);
      output.line(`Done in ${formatSeconds(result.seconds)}.`);
      output.json(result);
    });
  });
}
