import type { Pixels } from '@ddad/images';

/** Difference in one channel, in 8-bit steps, from which a pixel belongs to a defect. */
const CHANGED = 8;

/** Largest difference of the channels of each pixel, in 8-bit steps. */
export function differences(image: Pixels, clean: Pixels): Uint8Array {
  const { data, width, height, channels } = image;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    let most = 0;
    for (let k = i * channels; k < (i + 1) * channels; k++) {
      most = Math.max(most, Math.abs(data[k]! - clean.data[k]!));
    }
    return most;
  });
}

/** 255 where the images differ, 0 elsewhere. */
export function changedPixels(difference: Uint8Array): Uint8Array {
  return difference.map((value) => (value >= CHANGED ? 255 : 0));
}
