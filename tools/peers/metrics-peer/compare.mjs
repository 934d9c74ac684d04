// Usage, after a build of @ddad/metrics: node tools/peers/metrics-peer/compare.mjs [--python python3] [--cases 300] [--seed 1]
// Every metric on random sets - tiny and larger, with and without ties, typed and plain arrays - beside peer.py.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as own from '../../../packages/metrics/dist/index.js';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    cases: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
  },
});
let state = Number(values.seed);
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const int = (low, high) => low + Math.floor(random() * (high - low + 1));
const pick = (list) => list[int(0, list.length - 1)];

/** Scores of one of several kinds; `high` says where they tend to be larger. */
function randomScores(n, high) {
  const shift = 2 * random();
  const kind = pick(['float32', 'double', 'ties', 'few', 'constant', 'tiny', 'huge', 'bytes', 'negative']);
  const draw = {
    float32: (x) => Math.fround(x),
    double: (x) => x / 3,
    ties: (x) => Math.round(x * 8) / 8,
    few: (x) => Math.round(x) / 3,
    constant: () => 0.7,
    tiny: (x) => x * 1e-300,
    huge: (x) => x * 1e290,
    bytes: (x) => Math.min(255, Math.floor(x * 80)),
    negative: (x) => -1 / (x + 0.1),
  }[kind];
  const scores = Float64Array.from({ length: n }, (_, i) => draw(random() + shift * high(i) * random()));
  const types = [Float64Array, Array];
  if (kind === 'float32' || kind === 'ties') types.push(Float32Array);
  if (kind === 'bytes') types.push(Float32Array, Uint8Array, Uint16Array, Int32Array);
  return { scores: pick(types).from(scores), kind };
}

function imageCase() {
  const n = pick([2, 3, 5, 12, 60, 5000]);
  const labels = Array.from({ length: n }, () => int(0, 1));
  labels[0] = 0;
  labels[1] = 1;
  return {
    kind: 'image',
    labels: pick([Array, Uint8Array, Float32Array]).from(labels),
    ...scored(n, labels),
  };
}

function scored(n, high) {
  const { scores, kind } = randomScores(n, (i) => high[i]);
  return { scores, drawn: kind };
}

function mapCase() {
  const shape = [int(1, 5), int(1, 14), int(2, 16)];
  const [n, h, w] = shape;
  const masks = new Uint8Array(n * h * w);
  const density = random() * 0.6;
  for (let i = 0; i < masks.length; i++) masks[i] = +(random() < density);
  masks[0] = 1;
  masks[1] = 0;
  const { scores, drawn } = scored(masks.length, masks);
  return {
    kind: 'maps',
    shape,
    masks: pick([Array, Uint8Array, Float32Array]).from(masks),
    maps: scores,
    drawn,
    limits: [0.3, 1, Math.max(0.01, random())],
  };
}

function componentsCase() {
  const shape = [1, int(1, 30), int(1, 30)];
  const density = random();
  const masks = Array.from({ length: shape[1] * shape[2] }, () =>
    random() < density ? pick([1, 255, 0.5]) : 0,
  );
  return { kind: 'components', shape, masks, maps: masks };
}

const cases = Array.from({ length: Number(values.cases) }, (_, i) =>
  [imageCase, mapCase, componentsCase][i % 3](),
);
const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
const input = cases.map((c) => JSON.stringify(c, plain)).join('\n');
const script = fileURLToPath(new URL('peer.py', import.meta.url));
const peer = spawnSync(values.python, [script], { input, encoding: 'utf8', maxBuffer: 1e9 });
if (peer.status !== 0) throw new Error(peer.stderr || peer.error);
const parse = (line) => JSON.parse(line.replaceAll('Infinity', '"Infinity"'));
const expected = peer.stdout.trim().split('\n').map(parse);

const worst = {};
let compared = 0;
function same(what, actual, wanted, { of, tolerance = 1e-11 }) {
  const difference = Math.abs(actual - Number(wanted)) || 0;
  const error = actual === Number(wanted) ? 0 : difference / Math.max(1, Math.abs(wanted));
  compared++;
  worst[what] = Math.max(worst[what] ?? 0, error);
  if (!(error <= tolerance)) {
    console.error(
      `${what}: ${actual} beside ${wanted} of the peer\n${JSON.stringify(of, plain).slice(0, 3000)}`,
    );
    process.exit(1);
  }
}
function sameLists(what, actual, wanted, options) {
  for (const [k, list] of actual.entries()) {
    same(`${what} length`, list.length, wanted[k].length, options);
    for (let i = 0; i < list.length; i++) same(what, list[i], wanted[k][i], options);
  }
}

function compareImage(c, e) {
  const { labels, scores } = c;
  same('auroc', own.auroc(labels, scores), e.auroc, { of: c });
  same('averagePrecision', own.averagePrecision(labels, scores), e.averagePrecision, { of: c });
  const best = own.f1Max(labels, scores);
  same('f1Max', best.f1, e.f1, { of: c });
  const { tp, fp, fn } = own.confusion(labels, scores, { threshold: best.threshold });
  same('f1Max at its threshold', (2 * tp) / (2 * tp + fp + fn), e.f1, { of: c });
  same('youdenThreshold', own.youdenThreshold(labels, scores), e.youden, { of: c });
  const roc = own.rocCurve(labels, scores);
  sameLists('rocCurve', [roc.fpr, roc.tpr, roc.thresholds], e.roc, { of: c });
  const pr = own.precisionRecallCurve(labels, scores);
  sameLists('precisionRecallCurve', [pr.precision, pr.recall, pr.thresholds], e.pr, { of: c });
}

function compareMaps(c, e) {
  const { masks, maps, shape, limits } = c;
  const curve = own.proCurve(masks, maps, { shape });
  sameLists('proCurve', [curve.fpr, curve.pro, curve.thresholds], e.curve, { of: c });
  limits.forEach((limit, i) => {
    same('aupro', own.aupro(masks, maps, { shape, limit }), e.aupro[i], { of: c });
  });
  const pixels = new own.PixelMetrics();
  const [n, h, w] = shape;
  for (let i = n - 1; i >= 0; i--) {
    const [start, end] = [i * h * w, (i + 1) * h * w];
    const other = new own.PixelMetrics().add(masks.slice(start, end), maps.slice(start, end), {
      shape: [h, w],
    });
    pixels.merge(other);
  }
  const result = pixels.compute();
  same('PixelMetrics auroc', result.auroc, e.pixel.auroc, { of: c });
  same('PixelMetrics averagePrecision', result.averagePrecision, e.pixel.averagePrecision, { of: c });
  same('PixelMetrics f1Max', result.f1Max.f1, e.pixel.f1, { of: c });
  same('PixelMetrics aupro', result.aupro, e.aupro[0], { of: c });
  // float32 as the reference's maps; what it cannot tell apart there has no answer
  if (!['tiny', 'huge'].includes(c.drawn)) {
    let ours = null;
    try {
      ours = own.aupro(masks, maps, { shape, mode: 'ddad' });
    } catch (error) {
      if (!/mode 'ddad'/.test(error.message)) throw error;
    }
    same("aupro 'ddad' answers", ours === null, e.ddad === null, { of: c });
    if (ours !== null) same("aupro 'ddad'", ours, e.ddad, { of: c, tolerance: 1e-6 });
  }
}

function compareComponents(c, e) {
  const shape = c.shape.slice(1);
  [4, 8].forEach((connectivity, i) => {
    const { count } = own.connectedComponents(c.masks, { shape, connectivity });
    same(`connectedComponents ${connectivity}`, count, e.counts[i], { of: c });
  });
}

const compare = { image: compareImage, maps: compareMaps, components: compareComponents };
cases.forEach((c, i) => {
  compare[c.kind](c, expected[i]);
});
console.table(
  Object.fromEntries(Object.entries(worst).map(([what, error]) => [what, { 'largest error': error }])),
);
console.log(`${cases.length} random sets, ${compared} numbers compared`);
