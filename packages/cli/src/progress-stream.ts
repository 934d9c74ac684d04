/** The part of a stream that progress needs. */
export interface ProgressStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
}

/** Columns to draw in: the `COLUMNS` of the environment, else the terminal's own, else 80. */
export function columns(stream: ProgressStream, env: NodeJS.ProcessEnv): number {
  return Number(env.COLUMNS) || stream.columns || 80;
}
