import type { Command } from 'commander';
import { whole } from '../option-values.js';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

interface SynthOptions extends OutputOptions {
  out: string;
  category: string;
  seed: number;
  size: number;
  train?: number;
  good?: number;
  anomalous?: number;
}

export function registerSynth(program: Command): void {
  const command = program
    .command('synth')
    .description('make a synthetic data set in MVTec layout, masks and clean originals included')
    .requiredOption('--out <folder>', 'folder to write <category> into')
    .option('--category <name>', 'weave, tiles, gear, cap, wood, leather, screw or board', 'weave')
    .option('--seed <n>', 'seed of the images', whole, 0)
    .option('--size <pixels>', 'side of the images', whole, 128)
    .option('--train <n>', 'good training images', whole)
    .option('--good <n>', 'good test images', whole)
    .option('--anomalous <n>', 'test images with a defect', whole);
  withOutputOptions(command).action(async (options: SynthOptions) => {
    await withSession(options, async ({ pipeline, output, run }) => {
      const { out, category, seed, size, train, good, anomalous } = options;
      const given = { train, testGood: good, testDefect: anomalous };
      const counts = Object.fromEntries(Object.entries(given).filter(([, n]) => n !== undefined));
      const made = await pipeline.synthesize({ out, category, seed, size, counts }, run);
      output.line(
        `${made.reused ? 'Found' : 'Wrote'} ${made.counts.train} training and ` +
          `${made.counts.testGood + made.counts.testDefect} test images (${made.counts.testDefect} with a defect).`,
      );
      output.line(`Train on them: ddad run --root ${JSON.stringify(made.root)} --category ${made.category}`);
      output.json(made);
    });
  });
}
