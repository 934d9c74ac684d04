import type { Command } from 'commander';
import { type ConfigOptions, needCheckpointOrConfig, withConfigOptions } from '../options.js';
import { type Session, withConfig, withSession } from '../session.js';

interface CalibrateOptions extends ConfigOptions {
  checkpoint?: string;
  falseAlarmRate?: string;
}

export function registerCalibrate(program: Command): void {
  const command = program
    .command('calibrate')
    .description('set the threshold of a trained detector anew, from good images')
    .argument('[path]', 'a folder of good images; else those the configuration holds back')
    .option('--checkpoint <folder>', 'folder of a trained detector; else the one of --config')
    .option('--false-alarm-rate <rate>', 'share of good images that may be called anomalous, e.g. 0.01');
  withConfigOptions(command).action(async (path: string | undefined, options: CalibrateOptions) => {
    const work = async ({ pipeline, output, run }: Session, checkpoint: string) => {
      const falseAlarmRate =
        options.falseAlarmRate === undefined ? undefined : Number(options.falseAlarmRate);
      const result = await pipeline.calibrateDetector(checkpoint, {
        ...run,
        images: path,
        falseAlarmRate,
        engine: options.engine,
      });
      output.line(
        `Threshold ${result.threshold.toPrecision(6)} from ${result.n} good images (${result.method})` +
          `${result.ratio === null ? '' : `, ratio ${result.ratio.toPrecision(4)}`}.`,
      );
      output.json(result);
    };
    if (options.checkpoint && !options.dryRun) {
      await withSession(options, (session) => work(session, options.checkpoint!));
    } else {
      needCheckpointOrConfig(command, options);
      await withConfig(options, (session) =>
        work(session, session.pipeline.checkpointFolder(session.config)),
      );
    }
  });
}
