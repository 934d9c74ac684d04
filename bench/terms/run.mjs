// What each term of the score reaches: makes a detector of each data set and seed (preset auto) and measures its memory alone, its
// DDAD terms alone, both with the weights that were chosen, and the best that any weights of a grid would have reached.
// Usage: node bench/terms/run.mjs [--weights FILE|embedded|random] [--size 256] [--budget 600] [--seeds 1,2,3] [--synthetic CATEGORIES]
//          [--set key=value ...] [--out terms] [data-set-root/category ...]
//   prints a row as soon as it is there; a run that was interrupted goes on
import { mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadImages, loadMask, openDataset } from '@ddad/datasets';
import { createScorer, fileSource, loadNetworks, parseManifest, startEngineFor } from '@ddad/detector';
import { aupro, auroc } from '@ddad/metrics';
import { loadConfig, run, synthesize } from '@ddad/pipeline';

const { values, positionals } = parseArgs({
  options: {
    weights: { type: 'string', default: 'random' },
    size: { type: 'string', default: '256' },
    budget: { type: 'string', default: '600' },
    seeds: { type: 'string', default: '1,2,3' },
    synthetic: { type: 'string', default: 'weave,tiles,wood,leather,gear,cap,screw,board' },
    set: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: 'terms' },
  },
  allowPositionals: true,
});
const size = Number(values.size);
const isName = ['random', 'imagenet', 'embedded', 'auto'].includes(values.weights);
const seeds = values.seeds.split(',').map(Number);
const categories = values.synthetic.split(',').filter(Boolean);
const shares = [0, 0.0625, 0.125, 0.25, 0.5];

const sets = positionals.map((path) => {
  const at = resolve(path);
  return { name: basename(at), root: dirname(at), category: basename(at) };
});
sets.push(...categories.map((category) => ({ name: category, category, isSynthetic: true })));

/** Image AUROC, pixel AUROC and AUPRO of the sum of maps by weight. */
function measure({ labels, masks, maps, side }, weights) {
  const sum = new Float32Array(masks.length);
  for (const [name, weight] of Object.entries(weights)) {
    if (weight > 0) for (let i = 0; i < sum.length; i++) sum[i] += weight * maps[name][i];
  }
  const area = side * side;
  const scores = labels.map((_, i) =>
    sum.subarray(i * area, (i + 1) * area).reduce((a, b) => Math.max(a, b)),
  );
  return [
    auroc(labels, scores),
    auroc(masks, sum),
    aupro(masks, sum, { shape: [labels.length, side, side] }),
  ];
}

/** The test images of a detector: each term's map, blurred and over its scale. */
async function termsOf(folder, { root, category }) {
  const source = fileSource(folder);
  const manifest = parseManifest(new TextDecoder().decode(await source.read('detector.json')), folder);
  const { config, calibration } = manifest;
  const engine = await startEngineFor(config, {});
  const networks = await loadNetworks(source, manifest);
  const scorer = createScorer(config, { networks, engine });
  const side = config.data.imageSize;
  const dataset = await openDataset({ kind: 'mvtec', root, category });
  const store = await loadImages(dataset.test, { size: [side, side] });
  const images = store.samples.map((_, i) => store.get(i));
  const labels = store.samples.map(({ label }) => label);
  const masks = new Uint8Array(images.length * side * side);
  for (const [i, sample] of store.samples.entries()) {
    const mask = labels[i] ? await loadMask(sample, { size: [side, side] }) : undefined;
    if (mask)
      masks.set(
        mask.map((value) => (value > 127 ? 1 : 0)),
        i * side * side,
      );
  }
  const began = performance.now();
  const distances = await scorer.distances(images, {
    phase: 'evaluate',
    ...(calibration.change !== null && { change: calibration.change }),
  });
  const perImage = (performance.now() - began) / images.length;
  const maps = {};
  for (const [name, term] of Object.entries(calibration.terms)) {
    const scored = await scorer.maps(distances, { terms: { [name]: { ...term, weight: 1 } } });
    maps[name] = new Float32Array(masks.length);
    for (const [i, { map }] of scored.entries()) maps[name].set(map, i * side * side);
  }
  scorer.dispose();
  networks.dispose();
  const chosen = Object.fromEntries(
    Object.entries(calibration.terms).map(([name, { weight }]) => [name, weight]),
  );
  return { labels, masks, maps, side, chosen, perImage };
}

const show = (metrics) => metrics.map((value) => value.toFixed(3)).join(' / ');
const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
console.log('image AUROC / pixel AUROC / AUPRO');
console.log(
  '| set | seed | memory | DDAD | together | weights | best weights would be | steps | ms an image |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
for (const set of sets) {
  for (const seed of seeds) {
    const root = set.root ?? join(values.out, 'data', String(seed));
    if (set.isSynthetic) {
      mkdirSync(root, { recursive: true });
      const counts = { train: 96, testGood: 30, testDefect: 60 };
      await synthesize({ out: root, category: set.category, seed: 100 + seed, size, counts });
    }
    const checkpoints = join(values.out, 'checkpoints', `${set.name}-${seed}`);
    const config = loadConfig(
      {
        preset: 'auto',
        seed,
        // without test images, which are judged once, below
        data: { kind: 'folder', root: join(root, set.category, 'train', 'good'), imageSize: size },
        training: { budget: Number(values.budget) },
        features: { weights: isName ? values.weights : resolve(values.weights) },
        output: { checkpoints, results: join(values.out, 'results', `${set.name}-${seed}`), report: false },
      },
      { overrides: values.set },
    );
    let steps = 0;
    await run(config, {
      onProgress({ phase, total }) {
        if (phase === 'train') steps = total;
      },
    });
    const terms = await termsOf(checkpoints, { root, category: set.category });
    const alone = measure(terms, { memory: 1 });
    const ddad = measure(terms, { pixel: 1, feature: 1 });
    const together = measure(terms, terms.chosen);
    let best = { metrics: alone, weights: 'memory' };
    for (const feature of shares) {
      for (const pixel of shares) {
        const metrics = measure(terms, { memory: 1, feature, pixel });
        if (mean(metrics) > mean(best.metrics)) best = { metrics, weights: `${feature} f, ${pixel} p` };
      }
    }
    const { pixel, feature, memory } = terms.chosen;
    console.log(
      `| ${set.name} | ${seed} | ${show(alone)} | ${show(ddad)} | ${show(together)} | ${memory} m, ${feature} f, ${pixel} p | ` +
        `${show(best.metrics)} at ${best.weights} | ${steps} | ${terms.perImage.toFixed(0)} |`,
    );
  }
}
