import type { Command } from 'commander';
import { type Ask, asking } from '../ask.js';
import { duration } from '../duration.js';
import { pixels, rate } from '../option-values.js';
import {
  type ConfigOptions,
  overridesOf,
  withFolder,
  withOutputOptions,
  withRoot,
  withSetOption,
  withShortForms,
} from '../options.js';
import { type Session, withSession } from '../session.js';

interface InitCommandOptions extends ConfigOptions {
  out?: string;
  budget?: number;
  smallestDefect?: number;
  yes?: boolean;
}

const forms = [
  ...(['preset', 'kind', 'root', 'category', 'imageSize', 'skipBad', 'weights'] as const),
  ...(['falseAlarmRate', 'threshold', 'seed', 'engine'] as const),
];

export function registerInit(program: Command): void {
  const command = program
    .command('init')
    .description('look at your images and write a commented configuration for them; asks on a terminal')
    .option('--out <file>', 'the file to write, which must not be there (default: ddad.yaml)')
    .option(
      '--budget <time>',
      'at most this long until the detector is ready, e.g. 10m (training.budget)',
      duration,
    )
    .option('--smallest-defect <pixels>', 'side of the smallest defect, in pixels of the pictures', pixels)
    .option('-y, --yes', 'ask nothing: what is not given stays as the preset has it');
  withFolder(command, { out: false });
  withSetOption(withShortForms(command, forms));
  withOutputOptions(command).action(async (folder: string | undefined, options: InitCommandOptions) => {
    const given = withRoot(command, folder, options);
    const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
    const isAsked = isTerminal && !options.yes && !options.json;
    if (given.root === undefined && !isAsked) {
      command.error('error: needs the folder of your images: ddad init photos');
    }
    await withSession(options, async (session) => {
      const { pipeline, output, run } = session;
      const { input: stdin, output: stderr } = { input: process.stdin, output: process.stderr };
      const { file, plan, input } = isAsked
        ? await asking({ input: stdin, output: stderr, signal: run.signal }, (ask) =>
            askAndWrite(given, { ...session, ask }),
          )
        : await write(given, session);
      for (const line of pipeline.describePlan(plan)) output.line(line);
      output.line(`Wrote ${file}. Next: ddad run --config ${file}`);
      output.json({ file, input });
    });
  });
}

function write(options: InitCommandOptions, { pipeline, run }: Pick<Session, 'pipeline' | 'run'>) {
  const { out, budget, smallestDefect, root, ...rest } = options;
  const overrides = [
    ...(budget === undefined ? [] : [`training.budget=${budget}`]),
    ...overridesOf(rest as ConfigOptions),
  ];
  return pipeline.init({
    ...{ root: String(root), overrides, onNotice: run.onNotice },
    ...(out !== undefined && { out }),
    ...(smallestDefect !== undefined && { smallestDefect }),
  });
}

async function askAndWrite(
  given: InitCommandOptions,
  session: Pick<Session, 'pipeline' | 'run' | 'notice'> & { ask: Ask },
) {
  const { ask, pipeline, notice } = session;
  const options = { ...given };
  const unless = <T>(text: string, read: (text: string) => T) => (text === '' ? undefined : read(text));
  const needed = (text: string) => {
    if (text === '') throw new Error('needs an answer');
    return text;
  };
  options.root ??= await ask('Folder of your images?', needed);
  if (options.imageSize === undefined) {
    options.smallestDefect ??= await ask(
      'Side of the smallest defect, in pixels of the pictures? [not known]',
      (text) => unless(text, pixels),
    );
  }
  options.budget ??= await ask('Until the detector is ready, how long at most? [10m]', (text) =>
    unless(text, duration),
  );
  options.falseAlarmRate ??= await ask('Share of good parts that may be called anomalous? [0.01]', (text) =>
    unless(text, rate),
  );
  for (;;) {
    try {
      return await write(options, session);
    } catch (error) {
      if (!pipeline.UserError.isInstance(error) || error.remedy !== 'give data.category') throw error;
      notice(error.reason);
      options.category = await ask('Which category?', needed);
    }
  }
}
