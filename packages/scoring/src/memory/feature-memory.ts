/**
 * Features of good images, to compare others with. Plain data: {@link memoryToState} gives it as named tensors for a
 * file, {@link loadMemory} brings it to the engine.
 */
export interface FeatureMemory {
  /** `[count, dimension]`, row-major: what is remembered, each from a position of an image. */
  readonly vectors: Float32Array;
  readonly dimension: number;
  /** Image of each vector, numbered from 0 in the order in which images were given. */
  readonly images: Int32Array;
  /** Position of each vector in its image, row-major in `grid`. */
  readonly positions: Int32Array;
  /** Images given so far, those removed included: the number of the next one. */
  readonly imageCount: number;
  /** Height and width of the images' features. */
  readonly grid: readonly [number, number];
  /** Which layers of the backbone the features are joined from. */
  readonly layers: readonly number[];
  /** Of the joined features, `[channels]`; subtracted from them. */
  readonly mean: Float32Array;
  /** `[channels, components]`, row-major, by which centred features are multiplied. Undefined: not at all. */
  readonly projection?: Float32Array;
  /** Whether a column with the length of what the projection leaves out follows. */
  readonly residual: boolean;
  /** Distance that a shift by the whole side of the image counts as; 0: where something is does not matter. */
  readonly positionWeight: number;
  readonly coreset: Coreset;
}

/** How vectors were chosen from all positions. */
export interface Coreset {
  /** `greedy`: k-centre, the rare is kept. `random`: a uniform sample, quick. */
  readonly method: 'greedy' | 'random';
  /** Vectors kept at most. */
  readonly limit: number;
  /** Positions that a greedy choice is made from at most, a uniform sample of all. */
  readonly candidates: number;
  readonly seed: number;
  /** Of a greedy choice: all candidates are within this distance of a vector, both projected for the choice. */
  readonly radius: number;
}
