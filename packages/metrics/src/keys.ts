/**
 * Scores as sortable keys: ascending key = descending score, equal key = equal score (so -0 is 0).
 * Scores that float32 holds exactly become 32-bit integers, any others negated doubles.
 */
export type Keys = Int32Array | Float64Array;

const narrowArrays = [Float32Array, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array];

/** Whether float32 holds every score exactly. */
function fitsFloat32(scores: ArrayLike<number>): boolean {
  if (narrowArrays.some((type) => scores instanceof type)) return true;
  for (let i = 0; i < scores.length; i++) {
    const s = scores[i];
    if (Math.fround(s) !== s) return false;
  }
  return true;
}

const cell = new Float32Array(1);
const cellBits = new Int32Array(cell.buffer);

/** The score a key stands for. */
export function scoreOf(key: number, keys: Keys): number {
  if (keys instanceof Float64Array) return 0 - key;
  cellBits[0] = key < 0 ? ~key : key | 0x80000000;
  return cell[0];
}

/**
 * Keys of `scores`, split by class: `sizes[i] === 0` is normal, anything else defect.
 * @param fail called with the index of the first score that is not finite
 */
export function splitKeys(
  scores: ArrayLike<number>,
  sizes: ArrayLike<number>,
  fail: (index: number) => never,
): { positives: Keys; negatives: Keys } {
  const n = scores.length;
  let count = 0;
  for (let i = 0; i < n; i++) if (sizes[i] !== 0) count++;
  if (!fitsFloat32(scores)) {
    const positives = new Float64Array(count);
    const negatives = new Float64Array(n - count);
    for (let i = 0, p = 0, q = 0; i < n; i++) {
      const s = scores[i];
      if (!Number.isFinite(s)) fail(i);
      if (sizes[i] !== 0) positives[p++] = 0 - s;
      else negatives[q++] = 0 - s;
    }
    return { positives, negatives };
  }
  const bits = float32Bits(scores);
  const positives = new Int32Array(count);
  const negatives = new Int32Array(n - count);
  for (let i = 0, p = 0, q = 0; i < n; i++) {
    const b = bits[i];
    if ((b & 0x7f800000) === 0x7f800000) fail(i);
    const key = b >= 0 ? ~b : b === -0x80000000 ? -1 : b & 0x7fffffff;
    if (sizes[i] !== 0) positives[p++] = key;
    else negatives[q++] = key;
  }
  return { positives, negatives };
}

function float32Bits(scores: ArrayLike<number>): Int32Array {
  const floats = scores instanceof Float32Array ? scores : new Float32Array(scores);
  return new Int32Array(floats.buffer, floats.byteOffset, floats.length);
}

/** Keys of the same scores as doubles. */
export function widen(keys: Keys): Float64Array {
  if (keys instanceof Float64Array) return keys;
  const wide = new Float64Array(keys.length);
  for (let i = 0; i < wide.length; i++) wide[i] = 0 - scoreOf(keys[i], keys);
  return wide;
}
