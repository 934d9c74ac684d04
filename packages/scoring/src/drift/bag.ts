import { hash } from '../memory/sample-positions.js';

/** Numbers in order, at most so many: where it is full, one of them drawn at random goes for each that comes. */
export class Bag {
  readonly #values: number[];
  readonly #limit: number;
  readonly #seed: number;
  #added = 0;

  constructor(values: Iterable<number>, { limit, seed }: { limit: number; seed: number }) {
    this.#values = [...Float64Array.from(values).sort()];
    this.#limit = limit;
    this.#seed = seed;
  }

  get size(): number {
    return this.#values.length;
  }

  /** How many of them are below and above `value`. */
  place(value: number): { below: number; above: number } {
    const { length } = this.#values;
    const below = this.#first((each) => each >= value);
    return { below, above: length - this.#first((each) => each > value) };
  }

  add(value: number): void {
    this.#values.splice(
      this.#first((each) => each >= value),
      0,
      value,
    );
    this.#added++;
    const { length } = this.#values;
    if (length > this.#limit) this.#values.splice(hash(this.#seed, this.#added, 0) % length, 1);
  }

  /** The place of the first that `holds` is true of; it is of those behind. */
  #first(holds: (value: number) => boolean): number {
    let [low, high] = [0, this.#values.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#values[middle])) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
