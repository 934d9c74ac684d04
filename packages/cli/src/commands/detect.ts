import type { Command } from 'commander';
import { plural } from '../plural.js';
import { type DetectorOptions, withDetector, withDetectorOptions } from '../with-detector.js';

interface DetectOptions extends DetectorOptions {
  out?: string;
  csv?: string;
  failOnAnomaly?: boolean;
}

/** Exit code of `detect --fail-on-anomaly` where an image is anomalous. */
const anomalyExitCode = 3;

export function registerDetect(program: Command): void {
  const command = program
    .command('detect')
    .description('score images with a trained detector')
    .argument('<paths...>', 'images and folders of images')
    .option('--out <folder>', 'write each image here, at its own size, with heat map and framed regions')
    .option('--csv <file>', 'write the results here, a row per image')
    .option('--fail-on-anomaly', `end with exit code ${anomalyExitCode} if an image is anomalous`);
  withDetectorOptions(command, ['threshold', 'skipBad', 'engine']);
  command.action(async (paths: string[], options: DetectOptions) => {
    await withDetector(command, options, {
      task: 'detect',
      async work({ pipeline, output, notice, run, checkpoint, overrides }) {
        const { data, scoring, engine, threads } = await pipeline.detectorConfig(checkpoint, { overrides });
        const counts = { good: 0, anomalous: 0, foreign: 0, bad: 0, overlays: 0 };
        let threshold = Number.NaN;
        const results = pipeline.detectFiles(paths, {
          ...run,
          checkpoint,
          engine,
          threads: threads ?? undefined,
          threshold: typeof scoring.threshold === 'number' ? scoring.threshold : undefined,
          out: options.out,
          csv: options.csv,
          badFiles: data.skipBad ? 'skip' : 'yield',
        });
        for await (const result of results) {
          output.jsonLine(result);
          if ('error' in result) {
            counts.bad++;
            notice(`ddad: ${result.error}`);
            continue;
          }
          if (counts.good + counts.anomalous === 0)
            output.line(row('verdict', 'score', 'threshold', 'image'));
          const { path, score, isAnomalous, isForeign, overlay } = result;
          ({ threshold } = result);
          counts[isAnomalous ? 'anomalous' : 'good']++;
          if (overlay) counts.overlays++;
          const verdict = isAnomalous ? 'anomalous' : 'good';
          output.line(row(verdict, score.toFixed(4), threshold.toFixed(4), path));
          if (isForeign) {
            counts.foreign++;
            notice(`ddad: ${path} does not look like this part at all: another part, or a failed picture?`);
          }
        }
        const { good, anomalous, foreign, bad, overlays } = counts;
        if (good + anomalous > 0) {
          const unlike = foreign ? `; ${foreign} unlike this part` : '';
          const failed = bad ? `, ${bad} not read` : '';
          output.line(
            `${plural(good + anomalous + bad, 'image')}: ${anomalous} anomalous, ${good} good${failed}${unlike}.`,
          );
        }
        if (overlays)
          output.line(`Wrote ${plural(overlays, 'picture')} with heat map and frames to ${options.out}`);
        if (options.csv) output.line(`Wrote ${options.csv}`);
        if (bad) process.exitCode = 2;
        else if (options.failOnAnomaly && anomalous) process.exitCode = anomalyExitCode;
      },
    });
  });
}

function row(verdict: string, score: string, threshold: string, image: string): string {
  return [verdict.padEnd(9), score.padEnd(9), threshold.padEnd(9), image].join('  ');
}
