import type { Command } from 'commander';
import { type ConfigOptions, needCheckpointOrConfig, withConfigOptions } from '../options.js';
import { withConfig, withSession } from '../session.js';

interface DetectOptions extends ConfigOptions {
  checkpoint?: string;
  out?: string;
}

export function registerDetect(program: Command): void {
  const command = program
    .command('detect')
    .description('score images with a trained detector')
    .argument('<path>', 'an image, or a folder of images')
    .option('--checkpoint <folder>', 'folder of a trained detector; else the one of --config')
    .option('--out <folder>', 'write each image here, at its own size, with heat map and framed regions');
  withConfigOptions(command).action(async (path: string, options: DetectOptions) => {
    const detectAll = async (
      { pipeline, output, run }: Parameters<Parameters<typeof withSession>[1]>[0],
      checkpoint: string,
    ) => {
      const results = pipeline.detectFiles(path, {
        ...run,
        checkpoint,
        engine: options.engine,
        out: options.out,
        skipBad: options.skipBad,
      });
      await output.stream(results, {
        header: ['verdict', 'score', 'threshold', 'image'],
        row: (r) => [
          r.isAnomalous ? 'anomalous' : 'good',
          r.score.toFixed(4),
          r.threshold.toFixed(4),
          r.path,
        ],
        widths: [9, 9, 9, 0],
      });
    };
    if (options.checkpoint && !options.dryRun) {
      await withSession(options, (session) => detectAll(session, options.checkpoint!));
    } else {
      needCheckpointOrConfig(command, options);
      await withConfig(options, (session) =>
        detectAll(session, session.pipeline.checkpointFolder(session.config)),
      );
    }
  });
}
