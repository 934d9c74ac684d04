import { type Command, Option } from 'commander';
import { dataSetCommand } from '../data-set-command.js';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

interface PrepareVisaCommandOptions extends OutputOptions {
  root: string;
  out: string;
  split?: '1cls' | '2cls_highshot' | '2cls_fewshot';
  csv?: string;
  png?: boolean;
}

export function registerPrepare(program: Command): void {
  const prepare = dataSetCommand(
    program,
    'prepare',
    'write a data set in the layout other programs read: visa',
  );
  const command = prepare
    .command('visa')
    .description("write VisA in MVTec's layout, masks as 0 and 255; run again to go on")
    .requiredOption('--root <folder>', 'VisA as downloaded')
    .requiredOption('--out <folder>', 'folder to write <split>/<object> into')
    .addOption(
      new Option('--split <name>', 'split to write; default: the name of --csv, else 1cls').choices([
        '1cls',
        '2cls_highshot',
        '2cls_fewshot',
      ]),
    )
    .option('--csv <file>', 'CSV of the split; default: <root>/split_csv/<split>.csv')
    .option('--png', 'images as PNG, masks under the name of their image: what the DDAD reference reads');
  withOutputOptions(command).action(async (options: PrepareVisaCommandOptions) => {
    await withSession(options, async ({ pipeline, output, run }) => {
      const { root, out, split, csv: splitCsv, png } = options;
      const result = await pipeline.prepareVisaFolder({ root, out, split, splitCsv, png }, run);
      const { trainGood, trainBad, testGood, testBad, masks } = result.counts;
      const train = trainBad ? `${trainGood} good and ${trainBad} bad` : `${trainGood} good`;
      output.line(
        `${result.folder} has ${train} training images, ${testGood} good and ${testBad} bad test images, ` +
          `${masks} masks${result.kept ? ` (${result.kept} files were there already)` : ''}.`,
      );
      output.json(result);
    });
  });
}
