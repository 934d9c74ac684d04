export interface HeldBack {
  /** Positions of the images to train on. */
  training: number[];
  /** Positions of the images to calibrate with. */
  calibration: number[];
  /** Both are all images: there are too few to part them. */
  shared: boolean;
}

/**
 * Parts good training images in those trained on and those held back for calibration, by the hash of their
 * content: the choice depends neither on names nor on order. Fewer than 40 images are not parted.
 *
 * @param hashes hash of each image's content
 * @param options.share part held back, at least 8 images; 0 holds none back and calibrates with all
 */
export function holdBack(hashes: readonly string[], { share }: { share: number }): HeldBack {
  const all = hashes.map((_, i) => i);
  if (share === 0 || hashes.length < 40) return { training: all, calibration: all, shared: true };
  const count = Math.min(Math.max(Math.round(hashes.length * share), 8), hashes.length - 1);
  const order = [...all].sort((a, b) => (hashes[a] < hashes[b] ? -1 : hashes[a] > hashes[b] ? 1 : a - b));
  const chosen = new Set(order.slice(0, count));
  return {
    training: all.filter((i) => !chosen.has(i)),
    calibration: all.filter((i) => chosen.has(i)),
    shared: false,
  };
}
