import type fs from 'node:fs';
import { type Keys, widen } from './keys.js';
import type { PixelStore } from './pixel-store.js';
import { sortKeys, sortPairs } from './sort-keys.js';
import { groupsOf, type Steps } from './steps.js';

/** A file of ascending keys; for defects the sizes of their regions follow the keys. */
interface Run {
  path: string;
  count: number;
  wide: boolean;
}

/** Goes through a run block by block. */
interface Reader {
  /** Number of keys skipped. */
  passed: number;
  /** Keys not yet skipped; empty at the end only. */
  block: Keys;
  /** Whether the file goes on after the block. */
  more(): boolean;
  /** Region sizes of the first keys of the block. */
  sizes(count: number): Uint32Array;
  skip(count: number): void;
}

/** The scores of a set of images as sorted runs in files, in a folder of its own. */
export class Spill {
  readonly #fs: typeof fs;
  readonly #folder: string;
  readonly #runLength: number;
  readonly #blockLength: number;
  readonly #positives: Run[] = [];
  readonly #negatives: Run[] = [];

  /**
   * @param directory where the folder is made; made too where it does not exist
   * @param options.runLength pixels of a class kept in memory before they are sorted and written
   * @param options.blockLength keys read from a run at once
   * @throws outside Node, or if the folder cannot be made
   */
  constructor(directory: string, { runLength = 1 << 23, blockLength = 1 << 16 } = {}) {
    const builtin = globalThis.process?.getBuiltinModule;
    if (!builtin) throw new Error('PixelMetrics: spill writes files and needs Node 20.16 or later');
    this.#fs = builtin('node:fs');
    this.#runLength = runLength;
    this.#blockLength = blockLength;
    this.#fs.mkdirSync(directory, { recursive: true });
    this.#folder = this.#fs.mkdtempSync(builtin('node:path').join(directory, 'pixel-metrics-'));
  }

  /** Numbers of pixels in the files. */
  get counts(): { positives: number; negatives: number } {
    const sum = (runs: Run[]) => runs.reduce((total, { count }) => total + count, 0);
    return { positives: sum(this.#positives), negatives: sum(this.#negatives) };
  }

  /** Writes what the store holds of a class, and empties it, where that is enough for a run, or `all` is set. */
  take(store: PixelStore, { all = false } = {}): void {
    const enough = (chunks: Keys[]) => {
      const count = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      return count >= (all ? 1 : this.#runLength);
    };
    if (enough(store.positives)) {
      const { keys, values } = sortPairs(store.positives, store.sizes);
      this.#positives.push(this.#write(keys, values));
      store.positives.length = 0;
      store.sizes.length = 0;
    }
    if (enough(store.negatives)) {
      this.#negatives.push(this.#write(sortKeys(store.negatives)));
      store.negatives.length = 0;
    }
  }

  /** Copies the runs of another set. */
  takeFrom(other: Spill): void {
    for (const [own, runs] of [
      [this.#positives, other.#positives],
      [this.#negatives, other.#negatives],
    ]) {
      for (const run of [...runs]) {
        const path = this.#newPath();
        this.#fs.copyFileSync(run.path, path);
        own.push({ ...run, path });
      }
    }
  }

  /** Reads everything back into a store in memory. */
  copyTo(store: PixelStore): void {
    for (const run of this.#positives) {
      store.positives.push(this.#keys(run, 0, run.count));
      store.sizes.push(this.#sizes(run, 0, run.count));
    }
    for (const run of this.#negatives) store.negatives.push(this.#keys(run, 0, run.count));
  }

  /** The steps of the set, a part at a time. */
  *steps(): Generator<Steps> {
    const wide = [...this.#positives, ...this.#negatives].some((run) => run.wide);
    const total = this.counts;
    const normals = this.#negatives.map((run) => this.#reader(run, wide));
    let before = 0;
    for (const { keys, sizes } of this.#sortedDefects(wide)) {
      const groups = groupsOf(keys, sizes);
      const fpAbove = new Float64Array(groups.keys.length);
      const fp = new Float64Array(groups.keys.length);
      for (const reader of normals) countNormals(reader, groups.keys, { fpAbove, fp });
      const tp = Float64Array.from(groups.tp, (count) => before + count);
      before += keys.length;
      yield { ...total, ...groups, tp, fpAbove, fp };
    }
  }

  /** Removes the files. */
  dispose(): void {
    this.#fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  /** All defects in ascending order of keys, a part at a time; equal keys are never parted. */
  *#sortedDefects(wide: boolean): Generator<{ keys: Keys; sizes: Uint32Array }> {
    const readers = this.#positives.map((run) => this.#reader(run, wide));
    let held: { keys: Keys; sizes: Uint32Array } | undefined;
    while (readers.some((reader) => reader.block.length > 0)) {
      // What lies in the files beyond the blocks comes after the smallest of the blocks' ends.
      let end = Number.POSITIVE_INFINITY;
      for (const { block, more } of readers) if (more()) end = Math.min(end, block[block.length - 1]);
      const chunks = held ? [held.keys] : [];
      const values = held ? [held.sizes] : [];
      for (const reader of readers) {
        const count = upperBound(reader.block, end);
        if (count === 0) continue;
        chunks.push(reader.block.subarray(0, count));
        values.push(reader.sizes(count));
        reader.skip(count);
      }
      const sorted = sortPairs(chunks, values);
      const whole = end === Number.POSITIVE_INFINITY ? sorted.keys.length : lowerBound(sorted.keys, end);
      held = { keys: sorted.keys.slice(whole), sizes: sorted.values.slice(whole) };
      if (whole > 0) yield { keys: sorted.keys.subarray(0, whole), sizes: sorted.values.subarray(0, whole) };
    }
    if (held && held.keys.length > 0) yield held;
  }

  #reader(run: Run, wide: boolean): Reader {
    const load = (at: number) => {
      const keys = this.#keys(run, at, Math.min(this.#blockLength, run.count - at));
      return wide ? widen(keys) : keys;
    };
    const reader: Reader = {
      passed: 0,
      block: load(0),
      more: () => reader.passed + reader.block.length < run.count,
      sizes: (count) => this.#sizes(run, reader.passed, count),
      skip(count) {
        reader.passed += count;
        reader.block = count < reader.block.length ? reader.block.subarray(count) : load(reader.passed);
      },
    };
    return reader;
  }

  #write(keys: Keys, sizes?: Uint32Array): Run {
    const path = this.#newPath();
    const file = this.#fs.openSync(path, 'w');
    try {
      for (const array of sizes ? [keys, sizes] : [keys]) {
        let bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
        while (bytes.length > 0) {
          bytes = bytes.subarray(this.#fs.writeSync(file, bytes, 0, Math.min(bytes.length, 1 << 30)));
        }
      }
    } finally {
      this.#fs.closeSync(file);
    }
    return { path, count: keys.length, wide: keys instanceof Float64Array };
  }

  #keys({ path, wide }: Run, at: number, count: number): Keys {
    return this.#read(path, wide ? new Float64Array(count) : new Int32Array(count), at * (wide ? 8 : 4));
  }

  #sizes({ path, count, wide }: Run, at: number, length: number): Uint32Array {
    return this.#read(path, new Uint32Array(length), count * (wide ? 8 : 4) + at * 4);
  }

  #read<T extends Keys | Uint32Array>(path: string, array: T, position: number): T {
    const file = this.#fs.openSync(path, 'r');
    try {
      let bytes = new Uint8Array(array.buffer);
      for (let from = position; bytes.length > 0; ) {
        const read = this.#fs.readSync(file, bytes, 0, Math.min(bytes.length, 1 << 30), from);
        if (read === 0) throw new Error(`PixelMetrics: ${path} is shorter than what was written`);
        bytes = bytes.subarray(read);
        from += read;
      }
    } finally {
      this.#fs.closeSync(file);
    }
    return array;
  }

  #newPath(): string {
    return `${this.#folder}/${this.#positives.length + this.#negatives.length}.run`;
  }
}

/** Adds, for each of ascending keys, how many keys of a run are smaller, and how many are not larger. */
function countNormals(
  reader: Reader,
  keys: Keys,
  { fpAbove, fp }: { fpAbove: Float64Array; fp: Float64Array },
): void {
  let { block } = reader;
  let j = 0;
  const next = () => {
    reader.skip(j);
    block = reader.block;
    j = 0;
    return block.length > 0;
  };
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    do while (j < block.length && block[j] < key) j++;
    while (j === block.length && j > 0 && next());
    fpAbove[i] += reader.passed + j;
    do while (j < block.length && block[j] === key) j++;
    while (j === block.length && j > 0 && next());
    fp[i] += reader.passed + j;
  }
  reader.skip(j);
}

/** How many of ascending keys are smaller than `key`. */
function lowerBound(keys: Keys, key: number): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle] < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of ascending keys are not larger than `key`. */
function upperBound(keys: Keys, key: number): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle] <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}
