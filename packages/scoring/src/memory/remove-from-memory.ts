import type { FeatureMemory } from './feature-memory.js';

/**
 * The memory without what it has of some images. What others had alike and a greedy choice left out for their sake does
 * not come back: give those images again.
 *
 * @param images numbers of images the memory was given
 */
export function removeFromMemory(memory: FeatureMemory, images: readonly number[]): FeatureMemory {
  for (const image of images) {
    if (!(Number.isInteger(image) && image >= 0 && image < memory.imageCount)) {
      throw new Error(`removeFromMemory: needs images 0..${memory.imageCount - 1}, got ${image}`);
    }
  }
  const gone = new Set(images);
  const rows = [...memory.images.keys()].filter((row) => !gone.has(memory.images[row]));
  const { dimension } = memory;
  const vectors = new Float32Array(rows.length * dimension);
  rows.forEach((row, i) => {
    vectors.set(memory.vectors.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  });
  return {
    ...memory,
    vectors,
    images: Int32Array.from(rows, (row) => memory.images[row]),
    positions: Int32Array.from(rows, (row) => memory.positions[row]),
  };
}
