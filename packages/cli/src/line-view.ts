import { progressLine } from './progress-line.js';
import type { ProgressStream } from './progress-stream.js';
import type { ProgressView } from './progress-view.js';
import { timeLeft } from './time-left.js';

export function lineView(stream: ProgressStream, { everyMs = 10_000 } = {}): ProgressView {
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
