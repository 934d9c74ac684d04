import { barView } from './bar-view.js';
import { lineView } from './line-view.js';
import type { ProgressStream } from './progress-stream.js';
import type { ProgressView } from './progress-view.js';

/** A bar on a terminal, an occasional line elsewhere. */
export async function progressView(stream: ProgressStream, env = process.env): Promise<ProgressView> {
  return stream.isTTY && env.TERM !== 'dumb' ? barView(stream, env) : lineView(stream);
}
