import type { Command } from 'commander';
import {
  type OutputOptions,
  overridesOf,
  withOutputOptions,
  withRunOptions,
  withSetOption,
} from '../options.js';
import { withSession } from '../session.js';
import { formatSeconds } from '../time-left.js';

interface DemoOptions extends OutputOptions {
  out: string;
  set?: string[];
  seed?: string;
  engine?: string;
  dryRun?: boolean;
}

export function registerDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('make a synthetic data set, then train, adapt and evaluate on it; a few minutes on a CPU')
    .option('--out <folder>', 'where everything goes', 'ddad-demo');
  withRunOptions(command);
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
      const cells = (name: string, m: { imageAuroc?: number; pixelAuroc?: number; aupro?: number }) => [
        name,
        ...[m.imageAuroc, m.pixelAuroc, m.aupro].map((x) => (x === undefined ? '-' : x.toFixed(4))),
      ];
      output.line();
      output.table(
        [
          cells('DDAD', result.metrics),
          cells('pixel mean and variance', result.baselines.pixelStatistics),
          cells('features, nearest good image', result.baselines.nearestFeatures),
        ],
        ['', 'image AUROC', 'pixel AUROC', 'AUPRO'],
      );
      output.line();
      output.line(
        `Inside the masks the reconstruction is ${(100 * result.repair).toFixed(0)} % as far from the clean ` +
          'original as the input is.',
      );
      output.line(`Report: ${result.files.report}`);
      output.line(`Done in ${formatSeconds(result.seconds)}.`);
      output.json(result);
    });
  });
}
