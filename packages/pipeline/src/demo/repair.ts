/** An image with a defect, its reconstruction and what it would be without the defect. */
export interface RepairedImage {
  /** Interleaved bytes, like the other two. */
  input: Uint8Array;
  reconstruction: Uint8Array;
  clean: Uint8Array;
  /** One value per pixel, non-zero in the defect. */
  mask: Uint8Array;
}

/** A repair ratio in words. */
export function describeRepair(ratio: number): string {
  return `Inside the masks the reconstruction is ${(100 * ratio).toFixed(0)} % as far from the clean original as the input is.`;
}

/**
 * How well reconstructions repair defects: inside the masks, the mean absolute error of the reconstructions to
 * the clean originals over that of the inputs. 0 is a perfect repair, 1 is none.
 *
 * @throws if no masked pixel differs from its clean original
 */
export function repairRatio(images: readonly RepairedImage[]): number {
  let before = 0;
  let after = 0;
  for (const { input, reconstruction, clean, mask } of images) {
    const channels = clean.length / mask.length;
    for (let i = 0; i < clean.length; i++) {
      if (mask[Math.floor(i / channels)] === 0) continue;
      before += Math.abs(input[i] - clean[i]);
      after += Math.abs(reconstruction[i] - clean[i]);
    }
  }
  if (before === 0)
    throw new Error('repairRatio: needs masked pixels that differ from the clean originals, got none');
  return after / before;
}
