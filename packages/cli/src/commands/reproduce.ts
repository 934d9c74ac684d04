import type { CellResult, Release, Shard } from '@ddad/pipeline';
import { type Command, Option } from 'commander';
import { duration } from '../duration.js';
import { whole } from '../option-values.js';
import {
  type ConfigOptions,
  overridesOf,
  withOutputOptions,
  withSetOption,
  withShortForms,
} from '../options.js';
import { plural } from '../plural.js';
import { printReproduction } from '../print-reproduction.js';
import { type Session, withSession } from '../session.js';
import { shard } from '../shard.js';

interface ReproduceCommandOptions extends ConfigOptions {
  dataset?: string;
  categories?: string[];
  seeds?: number;
  release?: Release;
  out: string;
  budget?: number;
  shard?: Shard;
  collect?: boolean;
}

export function registerReproduce(program: Command): void {
  const command = program
    .command('reproduce')
    .description(
      "the paper's table: all categories of a data set with several seeds, ours beside the published results; given " +
        'again, it goes on where it was',
    )
    .option('--dataset <kind>', 'layout of the data set: mvtec, visa or another (data.kind)')
    .option('--categories <names>', 'a comma between two; default: all that are there', (text: string) =>
      text.split(',').map((name) => name.trim()),
    )
    .option('--seeds <n>', "runs of each category: the configuration's seed and those after it", whole, 3)
    .addOption(
      new Option(
        '--release <name>',
        'of the DDAD reference: whose settings per category are taken, and whose table stands beside; default: latest',
      ).choices(['latest', 'first']),
    )
    .option('--out <folder>', 'folder of the runs and of the table; workers share it', 'reproduction')
    .option(
      '--budget <time>',
      'end after e.g. 30m or 2h: trainings are shortened to fit, and the table says what was cut',
      duration,
    )
    .option('--shard <i/n>', 'do the i-th of n parts of the runs; --collect then makes the table', shard)
    .option('--collect', 'run nothing: the table from what lies in --out')
    .option('-c, --config <file>', 'configuration in YAML, but for the category');
  withShortForms(command, [
    ...(['root', 'preset', 'imageSize', 'skipBad', 'steps', 'weights', 'seed', 'engine'] as const),
  ]);
  withSetOption(command).option('--dry-run', 'say which runs there are and what they take, and stop');
  withOutputOptions(command).action(async (options: ReproduceCommandOptions) => {
    checkTogether(command, options);
    await withSession(options, (session) =>
      options.collect ? collect(session, options) : reproduce(session, options),
    );
  });
}

function checkTogether(
  command: Command,
  { collect, shard, config, root, dataset }: ReproduceCommandOptions,
): void {
  if (collect) {
    if (shard) command.error('error: --collect and --shard exclude each other: collecting is for all shards');
    return;
  }
  if (config !== undefined) return;
  if (dataset === undefined) command.error('error: needs --dataset, such as mvtec or visa (or --config)');
  if (root === undefined) command.error('error: needs --root, the folder of the data set (or --config)');
}

async function reproduce({ pipeline, output, notice, run }: Session, options: ReproduceCommandOptions) {
  const { dataset, out, categories, seeds, release, budget, shard, config = {} } = options;
  const overrides = [
    ...(dataset === undefined ? [] : [`data.kind=${JSON.stringify(dataset)}`]),
    ...overridesOf(options),
  ];
  const asked = { overrides, categories, seeds, release, budget, shard };
  if (options.dryRun) {
    const { experiment, cells } = await pipeline.planReproduction(config, { ...asked, onNotice: notice });
    for (const line of pipeline.describeWork({ cells, open: cells, experiment, budget })) notice(line);
    output.table(
      cells.map(({ cell, counts }) => [
        cell.category,
        `${cell.seed}`,
        `${counts?.train ?? '-'}`,
        `${counts?.test ?? '-'}`,
      ]),
      ['category', 'seed', 'training images', 'test images'],
    );
    output.json({ ...experiment, runs: cells.map(({ cell, counts }) => ({ ...cell, ...counts })) });
    return;
  }
  const { runs, reproduction, files } = await pipeline.reproduce(config, { ...asked, out, ...run });
  if (reproduction && files) {
    printReproduction(reproduction, { output, files });
    output.json({ ...reproduction, files });
  } else {
    const finished = runs.filter(({ state }) => state === 'finished').length;
    output.line(`${finished} of ${plural(runs.length, 'run')} of this shard finished.`);
    for (const { category, seed, reason } of runs.filter(({ state }) => state === 'failed')) {
      output.line(`Failed: ${category}, seed ${seed}: ${reason}`);
    }
    output.line(`The table, when all shards are done: ddad reproduce --collect --out ${JSON.stringify(out)}`);
    output.json({ runs });
  }
  endWith(runs, { isCut: budget !== undefined });
}

async function collect({ pipeline, output }: Session, { out }: ReproduceCommandOptions) {
  const { reproduction, files } = await pipeline.collectReproduction(out);
  printReproduction(reproduction, { output, files });
  output.json({ ...reproduction, files });
  endWith(
    reproduction.categories.flatMap(({ runs }) => runs),
    { isCut: reproduction.budget !== null },
  );
}

/** Exit code 2 where something failed, or is missing and no budget says that it may be. */
function endWith(runs: readonly Pick<CellResult, 'state'>[], { isCut }: { isCut: boolean }): void {
  const isWhole = ({ state }: Pick<CellResult, 'state'>) =>
    state === 'finished' || (isCut && state === 'missing');
  if (!runs.every(isWhole)) process.exitCode = 2;
}
