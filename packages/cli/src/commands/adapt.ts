import type { Command } from 'commander';
import { type ConfigOptions, type OutOption, withConfigOptions, withFolder, withRoot } from '../options.js';
import { withConfig } from '../session.js';
import { formatSeconds } from '../time-left.js';

export function registerAdapt(program: Command): void {
  const command = program
    .command('adapt')
    .description('adapt the feature extractor to the trained UNet, and calibrate the detector')
    .option('--resume', 'continue after the last saved epoch, bit for bit');
  withFolder(command);
  withConfigOptions(command, [
    ...(['preset', 'kind', 'root', 'category', 'imageSize', 'skipBad', 'weights'] as const),
    ...(['falseAlarmRate', 'seed', 'engine'] as const),
  ]).action(async (folder: string | undefined, options: ConfigOptions & OutOption & { resume?: boolean }) => {
    await withConfig(withRoot(command, folder, options), async ({ pipeline, config, output, run }) => {
      const result = await pipeline.adapt(config, { ...run, resume: options.resume });
      output.line(`Adapted for ${result.epochs} epochs in ${formatSeconds(result.seconds)}.`);
      output.line(`Checkpoint: ${result.checkpoint}`);
      output.json(result);
    });
  });
}
