// node bench/metrics/run.mjs [--python path/to/python]   (build @ddad/metrics first; requirements.txt is for Python)
// Times @ddad/metrics beside its Python peers on the same arrays, each in a process of its own, one thread each:
// seconds of the processor, all threads of the process together, which other work on the machine hardly changes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { python: { type: 'string', default: 'python3' } } });
const here = fileURLToPath(new URL('.', import.meta.url));
const sets = [
  { n: 83, side: 224, referenceThresholds: 200 },
  { n: 400, side: 256, referenceThresholds: 20 },
];
const folder = mkdtempSync(join(tmpdir(), 'bench-metrics-'));
const env = { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };

/** Smooth maps with a long tail, higher inside blobs; three images of four are defective. */
function makeSet({ n, side }, prefix) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const maps = new Float32Array(n * side * side);
  const masks = new Uint8Array(maps.length);
  const cells = side / 8 + 2;
  for (let image = 0; image < n; image++) {
    const grid = Float32Array.from({ length: cells * cells }, () => -Math.log(1 - random()));
    const blobs =
      image % 4 === 0 ? [] : Array.from({ length: 3 }, () => [random(), random(), 4 + 20 * random()]);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const at = (image * side + y) * side + x;
        const inside = blobs.some(([by, bx, r]) => (y - by * side) ** 2 + (x - bx * side) ** 2 < r * r);
        const [gy, gx] = [Math.floor(y / 8), Math.floor(x / 8)];
        const [fy, fx] = [(y % 8) / 8, (x % 8) / 8];
        const g = (dy, dx) => grid[(gy + dy) * cells + gx + dx];
        const smooth =
          (1 - fy) * ((1 - fx) * g(0, 0) + fx * g(0, 1)) + fy * ((1 - fx) * g(1, 0) + fx * g(1, 1));
        masks[at] = inside ? 1 : 0;
        maps[at] = smooth + (inside ? 1 : 0) + 1e-3 * random();
      }
  }
  writeFileSync(`${prefix}.maps`, maps);
  writeFileSync(`${prefix}.masks`, masks);
}

function measure(command, args) {
  return JSON.parse(
    execFileSync(command, args, { env, encoding: 'utf8', maxBuffer: 1e8 }).trim().split('\n').at(-1),
  );
}

for (const set of sets) {
  const prefix = join(folder, `${set.n}x${set.side}`);
  makeSet(set, prefix);
  const shape = [prefix, String(set.n), String(set.side)];
  const rows = [];
  for (const what of ['auroc+ap', 'auroc+ap+aupro', 'aupro', 'ddad']) {
    rows.push({
      who: '@ddad/metrics',
      what,
      ...measure(process.execPath, [join(here, 'own.mjs'), what, ...shape]),
    });
  }
  for (const what of ['sort', 'scikit-learn', 'adeval', 'reference']) {
    const extra = what === 'reference' ? [String(set.referenceThresholds)] : [];
    rows.push({
      who: what,
      what: '',
      ...measure(values.python, [join(here, 'peers.py'), what, ...shape, ...extra]),
    });
  }
  console.log(`\n${set.n} maps of ${set.side} x ${set.side}`);
  console.table(rows);
  const seconds = (who, what) => rows.find((r) => r.who === who && (!what || r.what === what)).seconds;
  const ratio = (a, b) => (a / b).toFixed(1);
  console.log(
    `reference's PRO / ours (mode ddad): ${ratio(seconds('reference'), seconds('@ddad/metrics', 'ddad'))}`,
  );
  console.log(
    `reference's PRO / ours (exact): ${ratio(seconds('reference'), seconds('@ddad/metrics', 'aupro'))}`,
  );
  console.log(
    `scikit-learn AUROC + AP / ours: ${ratio(seconds('scikit-learn'), seconds('@ddad/metrics', 'auroc+ap'))}`,
  );
  console.log(
    `adeval (1000 bins) AUROC + AP + AUPRO / ours: ${ratio(seconds('adeval'), seconds('@ddad/metrics', 'auroc+ap+aupro'))}`,
  );
  console.log(
    `numpy.sort / ours AUROC + AP + AUPRO: ${ratio(seconds('sort'), seconds('@ddad/metrics', 'auroc+ap+aupro'))}`,
  );
}
rmSync(folder, { recursive: true });
