/** Eigenvalues, largest first, and the eigenvectors as rows, by Jacobi's rotations. */
export function symmetricEigen(matrix: Float64Array[]): { values: number[]; vectors: Float64Array[] } {
  const n = matrix.length;
  const a = matrix.map((row) => row.slice());
  const v = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  const scale = Math.max(...a.map((row, i) => Math.abs(row[i])));
  for (let sweep = 0; sweep < 30; sweep++) {
    let largest = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        largest = Math.max(largest, Math.abs(a[p][q]));
        if (Math.abs(a[p][q]) <= 1e-14 * scale) continue;
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cos = 1 / Math.hypot(t, 1);
        const sin = t * cos;
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k][p], a[k][q]];
          a[k][p] = cos * x - sin * y;
          a[k][q] = sin * x + cos * y;
        }
        for (const rows of [a, v]) {
          const [x, y] = [rows[p], rows[q]];
          for (let k = 0; k < n; k++) {
            const [xk, yk] = [x[k], y[k]];
            x[k] = cos * xk - sin * yk;
            y[k] = sin * xk + cos * yk;
          }
        }
      }
    }
    if (largest <= 1e-12 * scale) break;
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => v[i]) };
}
