// Whether conformal thresholds keep what they promise, and how often and how soon a drift is warned about: on scores of known
// distributions and on scores of detectors (scores.json, which scores.mjs makes). Prints the tables of docs/thresholds.md.
// Usage: node bench/thresholds/run.mjs [--splits 200] [--seed 1]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { driftTestOf } from '@ddad/detector';
import { conformalGuarantee, scoreThreshold } from '@ddad/scoring';

const { values } = parseArgs({
  options: { splits: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const splits = Number(values.splits);
const seed = Number(values.seed);
const real = JSON.parse(readFileSync(new URL('scores.json', import.meta.url), 'utf8'));

/** A generator of uniform numbers in (0, 1) (mulberry32). */
function uniform(from) {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

const normal = (next) => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
const made = {
  'log-normal': (next) => Math.exp(0.3 * normal(next)),
  normal: (next) => 10 + normal(next),
  exponential: (next) => 1 - Math.log(next()),
  'absolute Student t, 2 degrees': (next) => Math.abs(normal(next)) / Math.sqrt(-Math.log(next())),
  'two kinds of parts': (next) => (next() < 0.1 ? 3 : 1) * Math.exp(0.1 * normal(next)),
  'rounded, with ties': (next) => Math.round(20 * Math.exp(0.3 * normal(next))),
};

function shuffled(list, next) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}

function logGamma(x) {
  if (x < 20) return logGamma(x + 1) - Math.log(x);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3);
}

/** Probability that of m further images at most `most` are called anomalous. */
function betaBinomial(most, { m, n, rank }) {
  const [a, b] = [n + 1 - rank, rank];
  const logBeta = (x, y) => logGamma(x) + logGamma(y) - logGamma(x + y);
  let sum = 0;
  for (let k = 0; k <= most; k++) {
    const choose = logGamma(m + 1) - logGamma(k + 1) - logGamma(m - k + 1);
    sum += Math.exp(choose + logBeta(k + a, m - k + b) - logBeta(a, b));
  }
  return Math.min(sum, 1);
}

const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);

/** One way to split, many times: what share of the images that are left is called anomalous. */
function measure(name, split, { n, falseAlarmRate, confidence }) {
  const next = uniform(seed * 1000 + n);
  let [sum, held, estimated, m] = [0, 0, 0, 0];
  for (let i = 0; i < splits; i++) {
    const { calibration, further } = split(n, next);
    m = further.length;
    const share = (options) => {
      const { threshold } = scoreThreshold({ scores: calibration, falseAlarmRate, ...options });
      return further.filter((score) => score >= threshold).length / m;
    };
    const found = share({ rule: 'conformal', confidence });
    sum += found;
    if (found <= falseAlarmRate + 1e-12) held++;
    estimated += share({});
  }
  const { rank, averageRate, isMet } = conformalGuarantee({ n, falseAlarmRate, confidence });
  const promised = betaBinomial(Math.floor(falseAlarmRate * m + 1e-9), { m, n, rank });
  row([
    ...[name, n, m, percent(falseAlarmRate, 0), confidence === null ? 'on average' : percent(confidence, 0)],
    ...[isMet ? 'yes' : 'no', percent(averageRate, 2), percent(sum / splits, 2)],
    ...[percent(promised), percent(held / splits), percent(estimated / splits, 2)],
  ]);
}

console.log(`Conformal thresholds over ${splits} random splits\n`);
row([
  ...['scores', 'calibrated with', 'further', 'rate', 'asked', 'enough images'],
  ...[
    'promised on average',
    'found on average',
    'promised: rate kept in',
    'found: rate kept in',
    '`calibrated`: found on average',
  ],
]);
row(Array(11).fill('---'));
for (const [name, draw] of Object.entries(made)) {
  const split = (n, next) => ({
    calibration: Array.from({ length: n }, () => draw(next)),
    further: Array.from({ length: 1000 }, () => draw(next)),
  });
  measure(name, split, { n: 37, falseAlarmRate: 0.01, confidence: null });
  measure(name, split, { n: 37, falseAlarmRate: 0.05, confidence: null });
  measure(name, split, { n: 300, falseAlarmRate: 0.01, confidence: null });
  measure(name, split, { n: 300, falseAlarmRate: 0.01, confidence: 0.95 });
}
for (const [name, { calibration, test }] of Object.entries(real)) {
  const pool = [...calibration, ...test];
  const split = (n, next) => {
    const all = shuffled(pool, next);
    return { calibration: all.slice(0, n), further: all.slice(n) };
  };
  measure(name, split, { n: 37, falseAlarmRate: 0.05, confidence: null });
  if (pool.length < 200) continue;
  measure(name, split, { n: 100, falseAlarmRate: 0.01, confidence: null });
  measure(name, split, { n: 100, falseAlarmRate: 0.05, confidence: 0.95 });
}

/** What becomes of a stream's scores, in standard deviations `s` of their logarithms. */
const drifts = {
  none: (z) => z,
  '2 % defects': (z, i) => (i % 50 === 25 ? z + 8 : z),
  '+0.5 s': (z) => z + 0.5,
  '+1 s': (z) => z + 1,
  '-1 s': (z) => z - 1,
  'scatter x 1.6': (z) => 1.6 * z,
  'rising to +2 s': (z, i, length) => z + (2 * i) / length,
  '+1 s from the middle on': (z, i, length) => (i < length / 2 ? z : z + 1),
};

function streams(drift, { n, rule, runs, draw }) {
  const found = [];
  for (let run = 0; run < runs; run++) {
    const next = uniform(seed * 7919 + run * 104729 + n);
    const { scores, score, length } = draw(next, n);
    const { threshold: value, method } = scoreThreshold({ scores, rule });
    const test = driftTestOf({ calibration: { scores, method }, threshold: { value, from: 'calibrated' } });
    for (let i = 0; i < length; i++) {
      if (test?.add(score(drift, i))) {
        found.push(test.count);
        break;
      }
    }
  }
  found.sort((a, b) => a - b);
  return { share: found.length / runs, median: found[found.length >> 1] };
}

console.log(`\nWarnings about drift in streams of images, and after how many good ones (median)\n`);
row(['scores', 'threshold', 'calibrated with', ...Object.keys(drifts)]);
row(Array(3 + Object.keys(drifts).length).fill('---'));
const logNormal = (next, n) => ({
  scores: Array.from({ length: n }, () => Math.exp(0.3 * normal(next))),
  length: 1000,
  score: (drift, i) => Math.exp(0.3 * drift(normal(next), i, 1000)),
});
/** Some of the images for the calibration and the others as the stream, moved by the deviation of all. */
const of = (pool) => {
  const logs = pool.map(Math.log);
  const mean = logs.reduce((a, b) => a + b) / logs.length;
  const deviation = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / logs.length);
  return (next, n) => {
    const all = shuffled(pool, next);
    const others = all.slice(n);
    return {
      scores: all.slice(0, n),
      length: others.length,
      score(drift, i) {
        const z = (Math.log(others[i]) - mean) / deviation;
        return Math.exp(mean + deviation * drift(z, i, others.length));
      },
    };
  };
};
const cases = [
  ...[10, 30, 100, 300].map((n) => ['log-normal', logNormal, n, 'estimate']),
  ...[30, 100].map((n) => ['log-normal', logNormal, n, 'conformal']),
  ...Object.entries(real)
    .map(([name, { calibration, test }]) => [name, [...calibration, ...test]])
    .filter(([, pool]) => pool.length >= 200)
    .map(([name, pool]) => [name, of(pool), 40, 'estimate']),
];
for (const [name, draw, n, rule] of cases) {
  const cells = Object.entries(drifts).map(([kind, drift]) => {
    const { share, median } = streams(drift, { n, rule, draw, runs: kind === 'none' ? 5 * splits : splits });
    return median === undefined ? percent(share) : `${percent(share)}, ${median}`;
  });
  row([name, rule === 'estimate' ? '`calibrated`' : '`conformal`', n, ...cells]);
}
