/** Part of a square of `side` pixels. */
export interface Window {
  offset: number;
  side: number;
}

/** The centre of a square, as torchvision's CenterCrop finds it; the whole for `null`. */
export function centreWindow(side: number, fraction: number | null): Window {
  if (fraction === null) return { offset: 0, side };
  const inner = Math.round(side * fraction);
  return { offset: Math.round((side - inner) / 2), side: inner };
}

/** The window of a row-major square with `side` columns. */
export function cropTo<T extends Float32Array | Uint8Array>(values: T, side: number, window: Window): T {
  if (window.side === side) return values;
  const out = new (values.constructor as new (length: number) => T)(window.side * window.side);
  for (let y = 0; y < window.side; y++) {
    const from = (y + window.offset) * side + window.offset;
    out.set(values.subarray(from, from + window.side), y * window.side);
  }
  return out;
}
