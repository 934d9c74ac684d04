import type { Progress } from '@ddad/pipeline';

export interface ProgressView {
  update(progress: Progress): void;
  /** Puts `line` on a line of its own, above a bar that is being drawn. */
  note(line: string): void;
  /** Takes a bar that is being drawn away, so that others can write; the next update draws it again. */
  hide(): void;
  /** Ends the bar in progress. */
  stop(): void;
}
