import type { Command } from 'commander';
import { type ConfigOptions, type OutOption, withConfigOptions, withFolder, withRoot } from '../options.js';
import { sayPlan, withConfig } from '../session.js';
import { formatSeconds } from '../time-left.js';

export function registerTrain(program: Command): void {
  const command = program
    .command('train')
    .description('train the denoising UNet on the good images')
    .option('--resume', 'continue from the last saved state, bit for bit')
    .option('--overwrite', 'train from the beginning, whatever the checkpoint folder holds');
  withFolder(command);
  withConfigOptions(command, [
    ...(['preset', 'kind', 'root', 'category', 'imageSize', 'skipBad', 'steps', 'seed', 'engine'] as const),
  ]).action(
    async (
      folder: string | undefined,
      options: ConfigOptions & OutOption & { resume?: boolean; overwrite?: boolean },
    ) => {
      await withConfig(
        withRoot(command, folder, options),
        async ({ pipeline, config, output, notice, run }) => {
          await sayPlan({ pipeline, notice, config });
          const result = await pipeline.train(config, {
            ...run,
            resume: options.resume,
            overwrite: options.overwrite,
          });
          output.line(
            `Trained ${result.steps} steps (${result.epoch} epochs) in ${formatSeconds(result.seconds)}, ` +
              `loss ${result.loss.toPrecision(4)}.`,
          );
          if (result.best) {
            output.line(
              `${result.stoppedEarly ? 'Stopped early; l' : 'L'}owest error on held-back images ` +
                `${result.best.error.toPrecision(4)}, at step ${result.best.step} (epoch ${result.best.epoch}).`,
            );
          }
          output.line(`Checkpoint: ${result.checkpoint}`);
          output.json(result);
        },
        { plan: true },
      );
    },
  );
}
