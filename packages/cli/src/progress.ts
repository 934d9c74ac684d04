import type { Progress } from '@ddad/pipeline';
import type { SingleBar } from 'cli-progress';
import { formatSeconds, timeLeft } from './time-left.js';

export interface ProgressView {
  update(progress: Progress): void;
  /** Puts `line` on a line of its own, above a bar that is being drawn. */
  note(line: string): void;
  /** Takes a bar that is being drawn away, so that others can write; the next update draws it again. */
  hide(): void;
  /** Ends the bar in progress. */
  stop(): void;
}

/** The part of a stream that progress needs. */
export interface ProgressStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
}

const names: Record<Progress['phase'], string> = {
  synthesize: 'Drawing',
  download: 'Downloading',
  unpack: 'Unpacking',
  prepare: 'Preparing',
  load: 'Loading',
  memorize: 'Remembering',
  compare: 'Comparing',
  train: 'Training',
  adapt: 'Adapting',
  calibrate: 'Calibrating',
  choose: 'Weighing',
  evaluate: 'Evaluating',
  baselines: 'Baselines',
  detect: 'Detecting',
};

/** A bar on a terminal, an occasional line elsewhere. */
export async function progressView(stream: ProgressStream, env = process.env): Promise<ProgressView> {
  return stream.isTTY && env.TERM !== 'dumb' ? barView(stream, env) : lineView(stream);
}

/** Columns to draw in: the `COLUMNS` of the environment, else the terminal's own, else 80. */
export function columns(stream: ProgressStream, env: NodeJS.ProcessEnv): number {
  return Number(env.COLUMNS) || stream.columns || 80;
}

/** What one line of progress says, in at most `width` characters; the bar takes what is left over. */
export function progressLine(
  { phase, done, total, loss }: Progress,
  { width, secondsLeft, bar = true }: { width: number; secondsLeft?: number; bar?: boolean },
): string {
  const percent = `${Math.floor((100 * done) / Math.max(total, 1))}%`;
  const parts = [names[phase], percent.padStart(4)];
  const optional = [
    secondsLeft === undefined || done >= total ? '' : `${formatSeconds(secondsLeft)} left`,
    loss === undefined ? '' : `loss ${loss.toPrecision(4)}`,
    phase === 'download' ? `${megabytes(done)}/${megabytes(total)} MB` : `${done}/${total}`,
  ];
  for (const part of optional) {
    if (part && [...parts, part].join(' ').length <= width - 1) parts.push(part);
  }
  const room = width - 2 - parts.join(' ').length;
  if (bar && room >= 8) {
    const size = Math.min(room, 30);
    const filled = Math.round((size * done) / Math.max(total, 1));
    parts.splice(1, 0, '█'.repeat(filled) + '░'.repeat(size - filled));
  }
  return parts.join(' ').slice(0, Math.max(width - 1, 1));
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

async function barView(stream: ProgressStream, env: NodeJS.ProcessEnv): Promise<ProgressView> {
  const { default: cliProgress } = await import('cli-progress');
  let bar: SingleBar | undefined;
  let phase: string | undefined;
  let left: ReturnType<typeof timeLeft>;
  let secondsLeft: number | undefined;
  let latest: Progress;

  function draw() {
    bar = new cliProgress.SingleBar({
      stream,
      fps: 8,
      hideCursor: true,
      linewrap: true,
      clearOnComplete: true,
      // Ctrl-C is the command's to handle: it saves a checkpoint first.
      gracefulExit: false,
      format: () => progressLine(latest, { width: columns(stream, env), secondsLeft }),
    });
    bar.start(Math.max(latest.total, 1), latest.done);
  }
  function hide() {
    bar?.stop();
    bar = undefined;
  }
  function stop() {
    if (bar) {
      hide();
      stream.write(`${progressLine(latest, { width: columns(stream, env), secondsLeft })}\n`);
    }
    phase = undefined;
  }
  return {
    update(progress) {
      if (progress.phase !== phase || progress.done < latest.done) {
        stop();
        phase = progress.phase;
        left = timeLeft(progress.total);
      }
      latest = progress;
      secondsLeft = left(progress.done, Date.now());
      if (!bar) draw();
      bar!.update(progress.done);
      if (progress.done >= progress.total) stop();
    },
    note(line) {
      hide();
      stream.write(`${line}\n`);
    },
    hide,
    stop,
  };
}

function lineView(stream: ProgressStream, { everyMs = 10_000 } = {}): ProgressView {
  let phase: string | undefined;
  let written = 0;
  let left: ReturnType<typeof timeLeft>;
  return {
    update(progress) {
      const now = Date.now();
      if (progress.phase !== phase) {
        phase = progress.phase;
        left = timeLeft(progress.total);
        // A phase that takes a moment has one line, its last.
        written = now - everyMs + 1000;
      }
      const secondsLeft = left(progress.done, now);
      const isLast = progress.done >= progress.total;
      if (isLast || now - written >= everyMs) {
        written = now;
        stream.write(`${progressLine(progress, { width: 80, secondsLeft, bar: false })}\n`);
      }
      if (isLast) phase = undefined;
    },
    note(line) {
      stream.write(`${line}\n`);
    },
    hide() {},
    stop() {},
  };
}
