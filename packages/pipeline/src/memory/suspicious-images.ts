import type { Scorer, TaskOptions } from '@ddad/detector';
import { outliers } from './outliers.js';

/** Images that are compared with the others, at most: each takes about as long as a detection. */
const most = 1000;

/** Images whose maps are held at once. */
const together = 32;

export interface SuspiciousImagesOptions extends Pick<TaskOptions, 'onProgress' | 'signal'> {
  scorer: Scorer;
  /** Of each image the number in the memory of its picture; images of a picture, its tiles, are judged together. */
  pictures: readonly number[];
  /** Of each image, what of it is judged. */
  masks: readonly (Uint8Array | undefined)[] | undefined;
}

/**
 * Pictures trained on that look unlike all others, and may not be good: those whose largest distance to what the memory has
 * of the others is out of line.
 *
 * @param images in the order in which the memory was given them
 * @returns the pictures' numbers, the most suspicious first
 */
export async function suspiciousImages(
  images: readonly Uint8Array[],
  { scorer, pictures, masks, ...task }: SuspiciousImagesOptions,
): Promise<number[]> {
  const step = Math.max(1, images.length / most);
  const places = Array.from({ length: Math.min(images.length, most) }, (_, i) => Math.floor(i * step));
  const largest = new Map<number, number>();
  let done = 0;
  while (done < places.length) {
    const some = places.slice(done, done + together);
    const distances = await scorer.distances(
      some.map((i) => images[i]),
      {
        ...{ signal: task.signal, phase: 'compare', leaveOut: some.map((i) => pictures[i]) },
        ...(masks && { masks: some.map((i) => masks[i]) }),
      },
    );
    for (const [i, { memory }] of distances.entries()) {
      const picture = pictures[some[i]];
      const far = memory!.reduce((a, b) => Math.max(a, b));
      largest.set(picture, Math.max(largest.get(picture) ?? 0, far));
    }
    done += some.length;
    task.onProgress?.({ phase: 'compare', done, total: places.length });
  }
  const numbers = [...largest.keys()];
  return outliers([...largest.values()]).map((i) => numbers[i]);
}
