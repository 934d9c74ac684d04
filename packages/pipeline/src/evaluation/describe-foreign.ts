import type { ImageResult } from './image-result.js';

/** At most so many images are named. */
const named = 5;

/** A line about the images that are no pictures of the part; none where there are none. */
export function describeForeign(images: readonly Pick<ImageResult, 'id' | 'isForeign'>[]): string[] {
  const foreign = images.filter(({ isForeign }) => isForeign).map(({ id }) => id);
  if (!foreign.length) return [];
  const names = foreign.slice(0, named).join(', ');
  const more = foreign.length > named ? `, and ${foreign.length - named} more` : '';
  return [
    `${foreign.length} of ${images.length} images do not look like this part at all (another part, a failed picture?): ${names}${more}.`,
  ];
}
