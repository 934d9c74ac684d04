import type { Command } from 'commander';
import { type ConfigOptions, withConfigOptions } from '../options.js';
import { withConfig } from '../session.js';
import { formatSeconds } from '../time-left.js';

export function registerAdapt(program: Command): void {
  const command = program
    .command('adapt')
    .description('adapt the feature extractor to the trained UNet, and calibrate the detector')
    .option('--resume', 'continue after the last saved epoch, bit for bit');
  withConfigOptions(command).action(async (options: ConfigOptions & { resume?: boolean }) => {
    await withConfig(options, async ({ pipeline, config, output, run }) => {
      const result = await pipeline.adapt(config, { ...run, resume: options.resume });
      output.line(`Adapted for ${result.epochs} epochs in ${formatSeconds(result.seconds)}.`);
      output.line(`Checkpoint: ${result.checkpoint}`);
      output.json(result);
    });
  });
}
