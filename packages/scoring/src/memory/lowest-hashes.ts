import type { FeatureMemory } from './feature-memory.js';
import { hash } from './sample-positions.js';

/** Rows of the `limit` lowest hashes, ascending: what sampling all images at once keeps. */
export function lowestHashes(
  { images, positions }: { images: Int32Array; positions: Int32Array },
  { seed, limit }: FeatureMemory['coreset'],
): Int32Array {
  const order = [...images.keys()].map((row) => ({ row, hash: hash(seed, images[row], positions[row]) }));
  // rows are in the order of (image, position), by which equal hashes are told apart
  order.sort((a, b) => a.hash - b.hash || a.row - b.row);
  return Int32Array.from(order.slice(0, limit), ({ row }) => row).sort();
}
