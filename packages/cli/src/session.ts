import type { Config, TaskOptions } from '@ddad/pipeline';
import { asCommandLine } from './as-command-line.js';
import { onInterrupt } from './interrupt.js';
import {
  type ConfigOptions,
  type OutOption,
  type OutputOptions,
  outputOverrides,
  overridesOf,
} from './options.js';
import { createOutput, type Output } from './output.js';
import { progressView } from './progress.js';

export type Pipeline = typeof import('@ddad/pipeline');

/** What a command works with. */
export interface Session {
  pipeline: Pipeline;
  output: Output;
  /** Progress, notices and the signal of Ctrl-C, for the pipeline's functions. */
  run: Required<Pick<TaskOptions, 'onProgress' | 'onNotice' | 'signal'>>;
  notice: (message: string) => void;
}

/**
 * Runs `work` with the pipeline loaded, progress on standard error, and Ctrl-C as an AbortSignal.
 *
 * @throws an error named `InterruptedError` after a Ctrl-C, also where it came too late to leave anything undone
 */
export async function withSession(options: OutputOptions, work: (session: Session) => Promise<void>) {
  const view = await progressView(process.stderr);
  const interrupt = onInterrupt({
    onFirst: () => view.note('Stopping after this step. Press Ctrl-C again to exit at once.'),
    onSecond: () => view.note('ddad: interrupted at once'),
  });
  try {
    const pipeline = await import('@ddad/pipeline');
    const endIfInterrupted = (when: string) => {
      if (interrupt.signal.aborted) throw new pipeline.InterruptedError(`interrupted ${when}`);
    };
    // Signals that came while it was loaded are delivered in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    endIfInterrupted('before the work began');
    const output = createOutput(process.stdout, { json: options.json ?? false, before: view.hide });
    const notice = (message: string) => view.note(asCommandLine(message));
    await work({
      pipeline,
      output,
      notice,
      run: { onProgress: view.update, onNotice: notice, signal: interrupt.signal },
    });
    endIfInterrupted('when the work was done');
  } finally {
    view.stop();
    interrupt.release();
  }
}

/**
 * As {@link withSession}, with the configuration the options ask for; `--dry-run` prints it and stops.
 *
 * @param options.plan with `--dry-run`, say what the run would take @default false
 */
export async function withConfig(
  options: ConfigOptions & OutOption,
  work: (session: Session & { config: Config }) => Promise<void>,
  { plan = false } = {},
) {
  await withSession(options, async (session) => {
    const { pipeline, output } = session;
    const config = pipeline.loadConfig(options.config ?? {}, {
      overrides: [...outputOverrides(options), ...overridesOf(options)],
      onNotice: session.notice,
    });
    if (options.dryRun) {
      if (plan) await sayPlan({ ...session, config }).catch((error) => tellOfData(error, session));
      output.line(pipeline.formatConfig(config).trimEnd());
      output.json(config);
      return;
    }
    await work({ ...session, config });
  });
}

/** Tells what a run of this configuration will take. */
export async function sayPlan({
  pipeline,
  notice,
  config,
  instant,
}: Pick<Session, 'pipeline' | 'notice'> & { config: Config; instant?: boolean }) {
  for (const line of pipeline.describePlan(await pipeline.plan(config, { instant }))) notice(line);
}

/** A configuration is shown for data that are not there, too. */
function tellOfData(error: unknown, { pipeline, notice }: Session): void {
  if (!pipeline.UserError.isInstance(error) || error.code !== 'data') throw error;
  notice(error.message);
}
