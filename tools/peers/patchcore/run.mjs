// @ddad/scoring's memory beside PatchCore in PyTorch: same images, weights, size and number of vectors, run in turn.
// Usage: node tools/peers/patchcore/run.mjs CATEGORY WEIGHTS [--size 256] [--vectors 5000] [--rounds 3] [--python python3]
//        [--anomalib python3: one that has anomalib, whose own PatchCore comes along] [--methods greedy,random]
// after a build; CATEGORY and what Python needs: peer.py.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '256' },
    vectors: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: 'python3' },
    anomalib: { type: 'string' },
    methods: { type: 'string', default: 'greedy,random' },
  },
});
const [category, weights] = positionals;
if (!weights) throw new Error('usage: run.mjs CATEGORY WEIGHTS [--size] [--vectors] [--rounds] [--python]');
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

const sides = [
  ['ours, greedy', process.execPath, 'own.mjs', 'greedy'],
  ['ours, random', process.execPath, 'own.mjs', 'random'],
  ['PyTorch, greedy', values.python, 'peer.py', 'greedy'],
  ['PyTorch, random', values.python, 'peer.py', 'random'],
];
if (values.anomalib) sides.push(['anomalib, greedy', values.anomalib, 'anomalib_peer.py', 'greedy']);
const methods = values.methods.split(',');
for (let i = sides.length - 1; i >= 0; i--) if (!methods.includes(sides[i][3])) sides.splice(i, 1);
const found = new Map(sides.map(([name]) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, command, file, method] of sides) {
    const args = [script(file), category, weights, values.size, values.vectors, method, String(round)];
    const run = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1e8 });
    if (run.status !== 0) throw new Error(`${name}: ${run.stderr}`);
    found.get(name).push(JSON.parse(run.stdout.trim().split('\n').at(-1)));
  }
}
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
console.log('| | image AUROC | pixel AUROC | features, s | coreset, s | an image, ms | peak, MB |');
console.log('|---|---|---|---|---|---|---|');
for (const [name, rounds] of found) {
  const of = (key) => median(rounds.map((each) => each[key]));
  const cells = [
    of('imageAuroc').toFixed(4),
    of('pixelAuroc').toFixed(4),
    of('features').toFixed(1),
    of('coreset').toFixed(1),
    (of('perImage') * 1e3).toFixed(0),
    (of('peak') / 1e6).toFixed(0),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
