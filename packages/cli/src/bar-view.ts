import type { Progress } from '@ddad/pipeline';
import type { SingleBar } from 'cli-progress';
import { progressLine } from './progress-line.js';
import { columns, type ProgressStream } from './progress-stream.js';
import type { ProgressView } from './progress-view.js';
import { timeLeft } from './time-left.js';

export async function barView(stream: ProgressStream, env: NodeJS.ProcessEnv): Promise<ProgressView> {
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
