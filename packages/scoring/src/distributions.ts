const lanczos = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** ln Γ(x), x > 0 (Lanczos, g = 7, to about 1e-14). */
export function logGamma(x: number): number {
  const z = x - 1;
  const t = z + 7.5;
  const sum = lanczos.reduce((all, c, i) => all + (i === 0 ? c : c / (z + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** P(X <= x) of a Beta(a, b) variable, by the continued fraction of the incomplete beta function (DLMF 8.17.22). */
export function betaCdf(x: number, { a, b }: { a: number; b: number }): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, { a: b, b: a });
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a),
  );
  let [c, d, value] = [1, 1 / (1 - ((a + b) * x) / (a + 1)), 0];
  value = d;
  for (let m = 1; m < 1000; m++) {
    for (const coefficient of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + coefficient * d);
      c = 1 + coefficient / c;
      value *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * value;
}

/** P(Z > z) of a standard normal variable (continued fraction and series, DLMF 7.9 and 7.6). */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let k = 1; term > 1e-17 * sum; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let k = 200; k >= 1; k--) fraction = k / (z + fraction);
  return density / (z + fraction);
}

/** The value that a Student's t variable exceeds with the probability `tail` < 1/2 (DLMF 8.17.21). */
export function studentTQuantile(tail: number, { degrees }: { degrees: number }): number {
  const x = solve((x) => betaCdf(x, { a: degrees / 2, b: 0.5 }), { value: 2 * tail, low: 0, high: 1 });
  return Math.sqrt(degrees * (1 / x - 1));
}

/**
 * P(T <= t) of a noncentral t variable: the normal probability of `t * u - noncentrality` for every `u = s / sigma`,
 * weighted by the density of that ratio (Simpson's rule, to about 1e-7).
 */
export function noncentralTCdf(
  t: number,
  { degrees, noncentrality }: { degrees: number; noncentrality: number },
): number {
  const logFront = Math.log(2) + (degrees / 2) * Math.log(degrees / 2) - logGamma(degrees / 2);
  const density = (u: number) =>
    u === 0
      ? degrees === 1
        ? Math.exp(logFront)
        : 0
      : Math.exp(logFront + (degrees - 1) * Math.log(u) - (degrees * u * u) / 2);
  const from = Math.max(0, 1 - 9 / Math.sqrt(degrees));
  const to = 1 + 9 / Math.sqrt(degrees);
  const pieces = 400;
  const width = (to - from) / pieces;
  let sum = 0;
  for (let i = 0; i <= pieces; i++) {
    const u = from + i * width;
    const weight = i === 0 || i === pieces ? 1 : i % 2 ? 4 : 2;
    sum += weight * density(u) * normalTail(noncentrality - t * u);
  }
  return (sum * width) / 3;
}

/** Where `rising`, a function that rises over [low, high], reaches `value`. */
export function solve(
  rising: (x: number) => number,
  { value, low, high }: { value: number; low: number; high: number },
): number {
  let [a, b] = [low, high];
  for (let i = 0; i < 60 && b - a > 1e-12 * Math.max(1e-3, Math.abs(a)); i++) {
    const middle = (a + b) / 2;
    if (rising(middle) < value) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}
