// DDAD here and in PyTorch as its reference does it (reference.py), at equal budget: the same images, the same small network,
// optimizer, steps, adaptation and scoring, each with its own random numbers; the means over seeds with 95 % intervals.
// Fails where ours is more than 0.01 below.
// Each trained network is judged with several draws of the reconstruction's noise, and their mean counts: one draw moves the pixel
// AUROC of a small test set by 0.004 to 0.017. Ours, too, draws here, where a detector takes noise from the pixels of an image.
// Usage: node tools/equal-budget/run.mjs --weights resnet18.pth --out FOLDER CATEGORY... [--seeds 3] [--first 1] [--steps 300]
//        [--batch 4] [--size 64] [--adaptation 2] [--draws 8] [--threads 1] [--python python3] [--only ours|reference]
// CATEGORY is a folder with train/good, test/*, ground_truth/*. Needs `npm run build`, and what reference.py names.
// FOLDER keeps each finished run: given again, it does those that are missing, so that several processes may part the seeds.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { loadImages, loadMask, openDataset } from '@ddad/datasets';
import {
  centreBox,
  createScorer,
  cropTo,
  fileSource,
  loadNetworks,
  parseManifest,
  startEngineFor,
} from '@ddad/detector';
import { auroc } from '@ddad/metrics';
import { run } from '@ddad/pipeline';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    weights: { type: 'string' },
    out: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    first: { type: 'string', default: '1' },
    steps: { type: 'string', default: '300' },
    batch: { type: 'string', default: '4' },
    size: { type: 'string', default: '64' },
    adaptation: { type: 'string', default: '2' },
    draws: { type: 'string', default: '8' },
    threads: { type: 'string', default: '1' },
    python: { type: 'string', default: 'python3' },
    only: { type: 'string' },
  },
});
if (!options.weights || !options.out || !positionals.length) {
  throw new Error('run.mjs needs --weights, --out and at least one category');
}
const LIMIT = 0.01;
const metrics = { imageAuroc: 'image AUROC', pixelAuroc: 'pixel AUROC' };
const sides = { ours, reference };
const categories = positionals.map((path) => resolve(path));
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => Number(options.first) + i);
/** What both are given; the rest is the paper's. */
const settings = {
  weights: resolve(options.weights),
  size: Number(options.size),
  threads: Number(options.threads),
  ...{ base: 32, heads: 2, multipliers: [1, 2, 2], blocks: 1, attention: [16, 8] },
  ...{ steps: Number(options.steps), batch: Number(options.batch), rate: 1e-3, decay: 0.05 },
  adaptation: { epochs: Number(options.adaptation), batch: 16, rate: 1e-4, decay: 0.01, weight: 0.1, w: 3 },
  // the blur is the paper's 4 pixels of 256
  ...{
    w: 4,
    v: 1,
    start: 250,
    skip: 25,
    eta: 1,
    sigma: Number(options.size) / 64,
    crop: 0.875,
    testBatch: 16,
    draws: Number(options.draws),
  },
};

async function ours(category, seed) {
  const folder = await mkdtemp(join(options.out, 'ours-'));
  const { adaptation } = settings;
  const began = performance.now();
  let loss;
  try {
    await run(
      {
        preset: 'reference',
        seed,
        engine: 'ort',
        threads: settings.threads,
        data: {
          kind: 'mvtec',
          root: dirname(category),
          category: basename(category),
          imageSize: settings.size,
        },
        model: {
          baseChannels: settings.base,
          channelMultipliers: settings.multipliers,
          resBlocks: settings.blocks,
          attentionResolutions: settings.attention,
          heads: settings.heads,
          ...{ w: settings.w, v: settings.v, start: settings.start, skip: settings.skip, eta: settings.eta },
        },
        training: {
          epochs: null,
          steps: settings.steps,
          batchSize: settings.batch,
          learningRate: settings.rate,
          weightDecay: settings.decay,
        },
        features: { backbone: 'resnet18', weights: settings.weights },
        adaptation: {
          epochs: adaptation.epochs,
          batchSize: adaptation.batch,
          learningRate: adaptation.rate,
          weightDecay: adaptation.decay,
          ...{ w: adaptation.w, lambda: adaptation.weight },
        },
        scoring: { sigma: settings.sigma, crop: settings.crop, batchSize: settings.testBatch },
        output: { checkpoints: join(folder, 'checkpoints'), results: join(folder, 'results'), report: false },
      },
      {
        onProgress: (progress) => {
          if (progress.phase === 'train') loss = progress.loss;
        },
      },
    );
    const judged = await judge(join(folder, 'checkpoints'), category);
    return { ...judged, loss, seconds: (performance.now() - began) / 1000 };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

/** The AUROCs of a detector's test images, as `evaluate` measures them, with other draws of the noise; their means. */
async function judge(folder, category) {
  const source = fileSource(folder);
  const manifest = parseManifest(await readFile(join(folder, 'detector.json'), 'utf8'), folder);
  const { config } = manifest;
  const { imageSize: side, maskResize: method } = config.data;
  const engine = await startEngineFor(config, {});
  const networks = await loadNetworks(source, manifest);
  const scorer = createScorer(config, { networks, engine });
  const dataset = await openDataset({ kind: 'mvtec', root: dirname(category), category: basename(category) });
  const store = await loadImages(dataset.test, { size: [side, side] });
  const images = store.samples.map((_, i) => store.get(i));
  const labels = store.samples.map(({ label }) => label);
  const box = centreBox(side, config.scoring.crop);
  const inside = (all) => all.flatMap((values) => [...cropTo(values, side, box)]);
  const masks = await Promise.all(
    store.samples.map((sample) => loadMask(sample, { size: [side, side], method })),
  );
  const defect = inside(masks).map((value) => (value > 0 ? 1 : 0));
  const draws = { imageAurocs: [], pixelAurocs: [] };
  for (let noiseSeed = 0; noiseSeed < settings.draws; noiseSeed++) {
    const distances = await scorer.distances(images, {
      phase: 'evaluate',
      noiseSeed: noiseSeed + 1000 * config.seed,
    });
    const scored = await scorer.maps(distances, 'batch');
    draws.imageAurocs.push(
      auroc(
        labels,
        scored.map(({ score }) => score),
      ),
    );
    draws.pixelAurocs.push(auroc(defect, inside(scored.map(({ map }) => map))));
  }
  scorer.dispose();
  networks.dispose();
  return { imageAuroc: mean(draws.imageAurocs), pixelAuroc: mean(draws.pixelAurocs), ...draws };
}

async function reference(category, seed) {
  const script = fileURLToPath(new URL('reference.py', import.meta.url));
  const args = [script, category, JSON.stringify(settings), String(seed)];
  const { stdout } = await promisify(execFile)(options.python, args);
  return JSON.parse(stdout);
}

async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeJson(path, value) {
  await writeFile(`${path}.part`, `${JSON.stringify(value)}\n`);
  await rename(`${path}.part`, path);
}

await mkdir(options.out, { recursive: true });
const settingsFile = join(options.out, 'settings.json');
const { threads, ...kept } = settings;
const before = await readJson(settingsFile);
if (before && JSON.stringify(before) !== JSON.stringify(kept)) {
  throw new Error(`${options.out} holds runs of other settings; give another --out`);
}
await writeJson(settingsFile, kept);

const found = {};
for (const seed of seeds) {
  for (const category of categories) {
    for (const [side, work] of Object.entries(sides)) {
      const name = basename(category);
      const file = join(options.out, `${name}-${side}-${seed}.json`);
      let result = await readJson(file);
      if (!result) {
        if (options.only && options.only !== side) continue;
        result = await work(category, seed);
        await writeJson(file, result);
        console.error(`${name}, seed ${seed}, ${side}: ${JSON.stringify(result)}`);
      }
      found[name] ??= { ours: [], reference: [] };
      found[name][side].push(result);
    }
  }
}

/** Student's t at 97.5 % for 1 to 30 degrees of freedom; 1.96 above. */
const T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const quantile = (freedom) => T[Math.floor(freedom) - 1] ?? 1.96;

function statistics(values) {
  const n = values.length;
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (n - 1);
  return { n, mean: middle, variance, half: quantile(n - 1) * Math.sqrt(variance / n) };
}

/** Half of Welch's interval of the difference of two means. */
function welch(a, b) {
  const [p, q] = [a.variance / a.n, b.variance / b.n];
  if (p + q === 0) return 0;
  const freedom = (p + q) ** 2 / (p ** 2 / (a.n - 1) + q ** 2 / (b.n - 1));
  return quantile(Math.max(1, freedom)) * Math.sqrt(p + q);
}

const shown = ({ mean, variance, half }) =>
  `${mean.toFixed(4)} ± ${half.toFixed(4)} (${Math.sqrt(variance).toFixed(4)})`;
console.log(`${settings.steps} steps, ${settings.size} pixels; mean ± 95 % interval (standard deviation)\n`);
console.log('| category | metric | seeds | ours | reference | difference |\n|---|---|--:|--:|--:|--:|');
let least = Infinity;
for (const [name, { ours, reference }] of Object.entries(found)) {
  for (const [key, title] of Object.entries(metrics)) {
    if (ours.length < 2 || reference.length < 2) continue;
    const [a, b] = [ours, reference].map((results) => statistics(results.map((result) => result[key])));
    const difference = a.mean - b.mean;
    least = Math.min(least, difference);
    const n = a.n === b.n ? a.n : `${a.n}, ${b.n}`;
    console.log(
      `| ${name} | ${title} | ${n} | ${shown(a)} | ${shown(b)} | ` +
        `${difference >= 0 ? '+' : ''}${difference.toFixed(4)} ± ${welch(a, b).toFixed(4)} |`,
    );
  }
}
process.exitCode = least >= -LIMIT ? 0 : 1;
