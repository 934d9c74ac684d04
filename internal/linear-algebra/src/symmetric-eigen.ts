/**
 * Eigenvalues, largest first, and their vectors of a symmetric matrix, by Jacobi's rotations.
 *
 * @param matrix rows; not changed
 * @returns the vectors have length 1
 */
export function symmetricEigen(matrix: readonly ArrayLike<number>[]): {
  values: number[];
  vectors: Float64Array[];
} {
  const n = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  // row i: the i-th vector
  const v = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => Number(i === j)));
  const scale = a.reduce((sum, row, i) => sum + Math.abs(row[i]), 0) / n;
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p][q]) <= 1e-14 * scale) continue;
        off++;
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cos = 1 / Math.hypot(t, 1);
        const sin = t * cos;
        rotateRows(a, p, q, cos, sin);
        for (const row of a) [row[p], row[q]] = [cos * row[p] - sin * row[q], sin * row[p] + cos * row[q]];
        rotateRows(v, p, q, cos, sin);
      }
    }
    if (off === 0) break;
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => v[i]) };
}

function rotateRows(rows: Float64Array[], p: number, q: number, cos: number, sin: number): void {
  const [x, y] = [rows[p], rows[q]];
  for (let k = 0; k < x.length; k++) {
    const value = x[k];
    x[k] = cos * value - sin * y[k];
    y[k] = sin * value + cos * y[k];
  }
}
