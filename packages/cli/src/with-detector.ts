import { type Command, Option } from 'commander';
import {
  type ConfigOptions,
  overridesOf,
  type ShortForm,
  withOutputOptions,
  withSetOption,
  withShortForms,
} from './options.js';
import { type Session, withSession } from './session.js';

/** Options of a command that works with a trained detector. */
export interface DetectorOptions extends ConfigOptions {
  checkpoint?: string;
}

/** A trained detector, and what was set for it. */
export interface ChosenDetector {
  checkpoint: string;
  overrides: string[];
}

/** Which data set a detector was trained on: another way to say where it lies. */
const places = ['config', 'kind', 'root', 'category'] as const;

/** `command` with the ways to say which detector is meant, the flags of `names`, `--set` and `--dry-run`. */
export function withDetectorOptions(command: Command, names: readonly ShortForm[]): Command {
  command.addOption(
    new Option(
      '--checkpoint <folder>',
      'folder of a trained detector, or its bundle; else the one of --config',
    ).conflicts([...places]),
  );
  command.option('-c, --config <file>', 'the configuration that it was trained with, in YAML');
  withShortForms(command, ['kind', 'root', 'category', ...names]);
  withSetOption(command);
  command.option('--dry-run', "print the detector's configuration and stop");
  return withOutputOptions(command);
}

/**
 * Runs `work` with the detector that the options name. What they set is checked against what it was made with:
 * `--dry-run` prints the outcome and stops.
 */
export async function withDetector(
  command: Command,
  options: DetectorOptions,
  {
    task,
    work,
  }: { task: 'detect' | 'calibrate'; work: (session: Session & ChosenDetector) => Promise<void> },
): Promise<void> {
  if (options.checkpoint === undefined && places.every((name) => options[name] === undefined)) {
    command.error(
      'error: needs a trained detector (--checkpoint), or the configuration it was trained with (--config)',
    );
  }
  await withSession(options, async (session) => {
    const { pipeline, output, notice } = session;
    const { checkpoint, config, kind, root, category, ...rest } = options;
    const overrides = overridesOf(rest);
    let folder = checkpoint;
    if (folder === undefined) {
      const place = overridesOf({ kind, root, category });
      const made = pipeline.loadConfig(config ?? {}, { overrides: place, onNotice: notice });
      folder = pipeline.checkpointFolder(made);
      if (config !== undefined) overrides.unshift(...pipeline.detectorSettings(made));
    }
    const resolved = await pipeline.detectorConfig(folder, { overrides, task });
    if (options.dryRun) {
      output.line(pipeline.formatConfig(resolved).trimEnd());
      output.json(resolved);
      return;
    }
    await work({ ...session, checkpoint: folder, overrides });
  });
}
