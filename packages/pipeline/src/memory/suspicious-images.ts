import type { Scorer, TaskOptions } from '@ddad/detector';
import { outliers } from './outliers.js';

/** Images that are compared with the others, at most: each takes about as long as a detection. */
const most = 1000;

/** Images whose maps are held at once. */
const together = 32;

/**
 * Training images that look unlike all others, and may not be good: those whose largest distance to what the memory has
 * of the others is out of line.
 *
 * @param images in the order in which the memory was given them
 * @returns their places, the most suspicious first
 */
export async function suspiciousImages(
  images: readonly Uint8Array[],
  { scorer, ...task }: Pick<TaskOptions, 'onProgress' | 'signal'> & { scorer: Scorer },
): Promise<number[]> {
  const step = Math.max(1, images.length / most);
  const places = Array.from({ length: Math.min(images.length, most) }, (_, i) => Math.floor(i * step));
  const scores: number[] = [];
  while (scores.length < places.length) {
    const leaveOut = places.slice(scores.length, scores.length + together);
    const distances = await scorer.distances(
      leaveOut.map((i) => images[i]),
      { signal: task.signal, phase: 'compare', leaveOut },
    );
    for (const { memory } of distances) scores.push(memory!.reduce((a, b) => Math.max(a, b)));
    task.onProgress?.({ phase: 'compare', done: scores.length, total: places.length });
  }
  return outliers(scores).map((i) => places[i]);
}
