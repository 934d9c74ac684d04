/** Gram-Schmidt, twice for the sake of rounding; a direction that vanishes is left at 0. */
export function orthonormal(rows: Float64Array[]): Float64Array[] {
  const out: Float64Array[] = [];
  for (const given of rows) {
    const row = given.slice();
    const before = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++) {
      for (const other of out) {
        const share = dot(row, other);
        for (let i = 0; i < row.length; i++) row[i] -= share * other[i];
      }
    }
    const norm = Math.sqrt(dot(row, row));
    const scale = norm > 1e-10 * before ? 1 / norm : 0;
    out.push(row.map((value) => value * scale));
  }
  return out;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
