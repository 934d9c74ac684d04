import { type Keys, widen } from './keys.js';

const BITS = 11;
const BUCKETS = 1 << BITS;
const MASK = BUCKETS - 1;
/** Below this many keys the engine's sort is faster than going through the buckets. */
const SMALL = BUCKETS;

/** All chunks as one ascending array. 32-bit keys by a radix sort of three passes, doubles by their upper half first. */
export function sortKeys(chunks: Keys[]): Keys {
  if (!allNarrow(chunks)) return sortDoubles(concatWide(chunks));
  const n = totalLength(chunks);
  if (n < SMALL) return concatNarrow(chunks, n).sort();
  const a = new Int32Array(n);
  const b = new Int32Array(n);
  const [low, middle, high] = offsets(chunks);
  for (const chunk of chunks)
    for (let i = 0; i < chunk.length; i++) {
      const key = chunk[i];
      a[low[key & MASK]++] = key;
    }
  for (let i = 0; i < n; i++) {
    const key = a[i];
    b[middle[(key >>> BITS) & MASK]++] = key;
  }
  for (let i = 0; i < n; i++) {
    const key = b[i];
    a[high[(key ^ 0x80000000) >>> (2 * BITS)]++] = key;
  }
  return a;
}

/** As {@link sortKeys}, with a value carried along by every key. */
export function sortPairs(chunks: Keys[], values: Uint32Array[]): { keys: Keys; values: Uint32Array } {
  if (!allNarrow(chunks)) return sortWidePairs(concatWide(chunks), values);
  const keys = concatNarrow(chunks, totalLength(chunks));
  return radixPairs(keys, concatValues(values, keys.length), new Uint32Array(keys.length));
}

/** Stable; overwrites its arguments, `spare` is room for as many values. */
function radixPairs<V extends Uint32Array | Float64Array>(keys: Int32Array, values: V, spare: V) {
  const n = keys.length;
  let from: { keys: Int32Array; values: V } = { keys, values };
  let to: typeof from = { keys: new Int32Array(n), values: spare };
  offsets([keys]).forEach((next, pass) => {
    const shift = pass * BITS;
    const { keys: fromKeys, values: fromValues } = from;
    const { keys: toKeys, values: toValues } = to;
    for (let i = 0; i < n; i++) {
      const key = fromKeys[i];
      const at = next[((key ^ 0x80000000) >>> shift) & MASK]++;
      toKeys[at] = key;
      toValues[at] = fromValues[i];
    }
    [from, to] = [to, from];
  });
  return from;
}

/** Radix sort by the upper 32 bits, then each run that is equal in them by the engine's sort. */
function sortDoubles(doubles: Float64Array): Float64Array {
  const n = doubles.length;
  if (n < SMALL) return doubles.sort();
  const words = new Int32Array(doubles.buffer, doubles.byteOffset, 2 * n);
  const upper = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const word = words[2 * i + 1];
    upper[i] = word ^ ((word >> 31) & 0x7fffffff);
  }
  const { keys, values } = radixPairs(upper, doubles, new Float64Array(n));
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && keys[end] === keys[start]) end++;
    if (end - start > 16) values.subarray(start, end).sort();
    else insertionSort(values, start, end);
    start = end;
  }
  return values;
}

function insertionSort(values: Float64Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const value = values[i];
    let j = i;
    for (; j > start && values[j - 1] > value; j--) values[j] = values[j - 1];
    values[j] = value;
  }
}

function sortWidePairs(keys: Float64Array, values: Uint32Array[]) {
  const all = concatValues(values, keys.length);
  const order = Uint32Array.from(keys, (_, i) => i).sort((i, j) => keys[i] - keys[j]);
  return {
    keys: Float64Array.from(order, (i) => keys[i]),
    values: Uint32Array.from(order, (i) => all[i]),
  };
}

/** For each of the three digits, where the keys of each bucket start. */
function offsets(chunks: Keys[]): [Uint32Array, Uint32Array, Uint32Array] {
  const low = new Uint32Array(BUCKETS);
  const middle = new Uint32Array(BUCKETS);
  const high = new Uint32Array(BUCKETS);
  for (const chunk of chunks)
    for (let i = 0; i < chunk.length; i++) {
      const key = chunk[i];
      low[key & MASK]++;
      middle[(key >>> BITS) & MASK]++;
      high[(key ^ 0x80000000) >>> (2 * BITS)]++;
    }
  for (const counts of [low, middle, high])
    for (let i = 0, start = 0; i < BUCKETS; i++) {
      const count = counts[i];
      counts[i] = start;
      start += count;
    }
  return [low, middle, high];
}

function allNarrow(chunks: Keys[]): chunks is Int32Array[] {
  return chunks.every((chunk) => chunk instanceof Int32Array);
}

function totalLength(chunks: { length: number }[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

function concatNarrow(chunks: Int32Array[], n: number): Int32Array {
  const all = new Int32Array(n);
  for (let c = 0, start = 0; c < chunks.length; start += chunks[c++].length) all.set(chunks[c], start);
  return all;
}

function concatWide(chunks: Keys[]): Float64Array {
  const all = new Float64Array(totalLength(chunks));
  for (let c = 0, start = 0; c < chunks.length; start += chunks[c++].length) all.set(widen(chunks[c]), start);
  return all;
}

function concatValues(values: Uint32Array[], n: number) {
  const all = new Uint32Array(n);
  for (let c = 0, start = 0; c < values.length; start += values[c++].length) all.set(values[c], start);
  return all;
}
