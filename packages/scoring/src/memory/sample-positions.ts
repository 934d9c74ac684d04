/** A uniform sample of positions, and their features. */
export interface Positions {
  /** `[count, channels]`, row-major. */
  values: Float32Array;
  images: Int32Array;
  positions: Int32Array;
}

/**
 * Keeps a uniform sample of at most `limit` positions of a stream, without holding more: those whose (seed, image,
 * position) hashes lowest. What is kept depends on nothing else, so that a sample of two parts' samples is one of the
 * whole, however the stream was cut.
 */
export class PositionSample {
  readonly #limit: number;
  readonly #seed: number;
  readonly #channels: number;
  #values: Float32Array;
  /** By slot. */
  readonly #kept: { priority: number; image: number; position: number }[] = [];
  /** Slots as a binary heap, the highest priority first: the next one to go. */
  readonly #heap: number[] = [];

  constructor({ limit, seed, channels }: { limit: number; seed: number; channels: number }) {
    this.#limit = limit;
    this.#seed = seed;
    this.#channels = channels;
    this.#values = new Float32Array(0);
  }

  /** Offers position `position` of image `image`, whose features are `values` from `offset` on. */
  offer(image: number, position: number, values: Float32Array, offset: number): void {
    const entry = { priority: hash(this.#seed, image, position), image, position };
    const isFull = this.#kept.length === this.#limit;
    if (isFull && !isLower(entry, this.#kept[this.#heap[0]])) return;
    const slot = isFull ? this.#heap[0] : this.#kept.length;
    this.#kept[slot] = entry;
    this.#reserve(slot + 1);
    this.#values.set(values.subarray(offset, offset + this.#channels), slot * this.#channels);
    if (isFull) this.#sink();
    else this.#rise(slot);
  }

  /** What was kept, in the order of (image, position); the sample is then empty. */
  take(): Positions {
    const order = this.#kept
      .map((entry, slot) => ({ ...entry, slot }))
      .sort((a, b) => a.image - b.image || a.position - b.position);
    const values = new Float32Array(order.length * this.#channels);
    order.forEach(({ slot }, i) => {
      const from = slot * this.#channels;
      values.set(this.#values.subarray(from, from + this.#channels), i * this.#channels);
    });
    this.#values = new Float32Array(0);
    this.#kept.length = 0;
    this.#heap.length = 0;
    return {
      values,
      images: Int32Array.from(order, ({ image }) => image),
      positions: Int32Array.from(order, ({ position }) => position),
    };
  }

  #reserve(slots: number): void {
    const needed = slots * this.#channels;
    if (needed <= this.#values.length) return;
    const grown = new Float32Array(
      Math.min(this.#limit * this.#channels, Math.max(needed, 2 * this.#values.length)),
    );
    grown.set(this.#values);
    this.#values = grown;
  }

  #rise(slot: number): void {
    const heap = this.#heap;
    let at = heap.push(slot) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isLower(this.#kept[heap[parent]], this.#kept[heap[at]])) return;
      [heap[parent], heap[at]] = [heap[at], heap[parent]];
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ; ) {
      let highest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isLower(this.#kept[heap[highest]], this.#kept[heap[child]]))
          highest = child;
      }
      if (highest === at) return;
      [heap[at], heap[highest]] = [heap[highest], heap[at]];
      at = highest;
    }
  }
}

interface Entry {
  priority: number;
  image: number;
  position: number;
}

function isLower(a: Entry, b: Entry): boolean {
  return (a.priority - b.priority || a.image - b.image || a.position - b.position) < 0;
}

/** 32 bits of (seed, image, position): murmur3's finaliser after each. */
export function hash(seed: number, image: number, position: number): number {
  let h = mix(seed ^ 0x9e3779b9);
  h = mix(h ^ Math.floor(seed / 2 ** 32));
  h = mix(Math.imul(h, 5) + image);
  return mix(Math.imul(h, 5) + position) >>> 0;
}

function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
