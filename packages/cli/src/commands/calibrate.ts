import type { Command } from 'commander';
import { asCommandLine } from '../as-command-line.js';
import { type DetectorOptions, withDetector, withDetectorOptions } from '../with-detector.js';

export function registerCalibrate(program: Command): void {
  const command = program
    .command('calibrate')
    .description('set the threshold of a trained detector anew, from good images')
    .argument('[path]', 'a folder of good images; else those that training held back');
  withDetectorOptions(command, ['skipBad', 'threshold', 'falseAlarmRate', 'engine']);
  command.action(async (path: string | undefined, options: DetectorOptions) => {
    await withDetector(command, options, {
      task: 'calibrate',
      async work({ pipeline, output, run, checkpoint, overrides }) {
        const result = await pipeline.calibrateDetector(checkpoint, { ...run, images: path, overrides });
        const ratio = result.ratio === null ? '' : `, ratio ${result.ratio.toPrecision(4)}`;
        output.line(`Threshold ${result.threshold.toPrecision(6)}${ratio}.`);
        const certainty = pipeline.thresholdCertainty(result);
        for (const line of pipeline.describeCertainty(certainty)) output.line(asCommandLine(line));
        output.json({ ...result, interval: certainty.interval });
      },
    });
  });
}
