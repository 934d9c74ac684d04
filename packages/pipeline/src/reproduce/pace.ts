import { reconstructedSize, type TaskOptions, throwIfInterrupted } from '@ddad/detector';
import type { Config } from '../config/schema.js';
import { secondsPerStep } from '../training/seconds-per-step.js';

/** Images of a step that is timed, at most: a step of the paper's 32 may take minutes. */
const few = 4;

/**
 * Seconds that a training step takes here for each of its images, by two steps of the configuration's network on blank
 * images.
 *
 * @throws {InterruptedError} `signal` was fired
 */
export async function measurePace(
  config: Config,
  { signal }: Pick<TaskOptions, 'signal'> = {},
): Promise<number> {
  const pixels = reconstructedSize(config) ** 2 * config.data.channels;
  const count = Math.min(few, config.training.batchSize);
  const batch = Array.from({ length: count }, () => new Uint8Array(pixels).fill(128));
  const seconds = await secondsPerStep(config, batch, { timed: 2, signal });
  throwIfInterrupted(signal, 'measuring how long a training step takes');
  return seconds / count;
}
