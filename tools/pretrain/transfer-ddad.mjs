// As transfer.mjs, for the anomaly map of DDAD: the reconstructions of one denoiser are compared by pixels and by the features
// of each network. Nothing is adapted. Needs a build.
//
//   node tools/pretrain/transfer-ddad.mjs --data <root>[,<root>...] --network <name>[=<weights>] ... [--side 256]
//     [--seeds 0,1,2] [--threads 2] [--json out.json] [--checkpoints <folder> | --steps 200 --train 40]
//
// The denoisers: of the detectors in <folder>/<data set>-<seed>, as bench/terms leaves them; without it, a small one is trained
// on each data set. `{seed}` in a root stands for the seed. Results that are in out.json already are kept.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { aupro, auroc } from '@ddad/metrics';
import { compile, startEngine } from '@ddad/nn';
import { anomalyMap, featureDistance, pixelDistance } from '@ddad/scoring';
import * as tf from '@tensorflow/tfjs';
import { load } from './data-set.mjs';
import { open } from './network.mjs';
import { reconstructionsOf, trainedReconstructions } from './reconstructions.mjs';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', multiple: true },
    network: { type: 'string', multiple: true },
    checkpoints: { type: 'string' },
    side: { type: 'string', default: '256' },
    steps: { type: 'string', default: '200' },
    train: { type: 'string', default: '40' },
    seeds: { type: 'string', default: '0' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});
const side = Number(options.side);
const size = [side, side];
const steps = Number(options.steps);
const keys = ['imageAuroc', 'pixelAuroc', 'aupro'];

await startEngine({ engine: 'ort', threads: Number(options.threads) });
const results =
  options.json && existsSync(options.json) ? JSON.parse(readFileSync(options.json, 'utf8')) : {};
for (const pattern of options.data.flatMap((list) => list.split(','))) {
  const name = basename(pattern);
  results[name] ??= {};
  const rows = results[name];
  for (const seed of options.seeds.split(',').map(Number)) {
    const missing = options.network.filter((network) => !rows[labelOf(network)]?.[seed]);
    const folder = options.checkpoints && `${options.checkpoints}/${name}-${seed}`;
    if (missing.length === 0) continue;
    if (folder && !hasDenoiser(folder)) {
      console.log(`${name} ${seed}: no trained denoiser in ${folder}, left out`);
      continue;
    }
    const data = await load(pattern.replace('{seed}', seed), { size, train: Number(options.train) });
    const pairs = folder
      ? await reconstructionsOf(folder, data, { side })
      : await trainedReconstructions(data, { side, steps, seed });
    for (const network of missing) {
      const { label, backbone } = await open(network);
      const found = await measure(pairs, data, backbone);
      backbone.dispose();
      rows[label] ??= {};
      rows[label][seed] = found;
      console.log(name, label, seed, JSON.stringify(found));
    }
    tf.dispose(pairs);
    if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 1)}\n`);
  }
}
table();
process.exit(0);

/** Both distances scaled to a maximum of 1 over all images, then added, as DDAD does with v = 1. */
async function measure(pairs, { labels, masks }, backbone) {
  const compare = compile(
    (x0, x) => [
      pixelDistance(x0, x),
      featureDistance(backbone.features(x0), backbone.features(x), { size, layers: [0, 1] }),
    ],
    { freeze: backbone.variables },
  );
  const distances = [];
  for (const { x, x0 } of pairs) distances.push(await compare(x0, x));
  compare.dispose();
  const map = tf.tidy(() => {
    const [pixel, feature] = [0, 1].map((i) => tf.concat(distances.map((each) => each[i])));
    return anomalyMap({ pixel, feature, v: 1, normalization: 'batch' });
  });
  const maps = await map.data();
  tf.dispose([map, distances]);
  const scores = labels.map((_, i) =>
    maps.subarray(i * side * side, (i + 1) * side * side).reduce((a, b) => Math.max(a, b)),
  );
  return {
    imageAuroc: auroc(labels, scores),
    pixelAuroc: auroc(masks, maps),
    aupro: aupro(masks, maps, { shape: [labels.length, side, side] }),
  };
}

/** Whether the training of the detector there has ended. */
function hasDenoiser(folder) {
  const path = `${folder}/detector.json`;
  return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).unet !== null;
}

function labelOf(network) {
  return /^(?:(.+?):)?(\w+)/.exec(network)?.slice(1).find(Boolean);
}

/** Mean and standard deviation over the seeds, and the share of the way from `random` to `resnet18` of the means. */
function table() {
  const labels = options.network.map(labelOf);
  const shown = (rows, key) =>
    labels.map((label) => {
      const values = Object.values(rows[label] ?? {}).map((each) => each[key]);
      const middle = mean(values);
      const deviation = Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
      return { middle, text: `${middle.toFixed(3)} ± ${deviation.toFixed(3)}` };
    });
  const measured = Object.entries(results).filter(([, rows]) => labels.every((label) => rows[label]));
  console.log(
    `| data set | measure | ${labels.join(' | ')} |\n|---|---|${labels.map(() => '---:|').join('')}`,
  );
  for (const [name, rows] of measured) {
    for (const key of keys)
      console.log(
        row(
          name,
          key,
          shown(rows, key).map(({ text }) => text),
        ),
      );
  }
  for (const key of keys) {
    const means = labels.map((_, i) => mean(measured.map(([, rows]) => shown(rows, key)[i].middle)));
    console.log(
      row(
        'mean',
        key,
        means.map((value) => value.toFixed(3)),
      ),
    );
    const [from, to] = ['random', 'resnet18'].map((label) => means[labels.indexOf(label)]);
    console.log(
      row(
        'share',
        key,
        means.map((value) => `${(((value - from) / (to - from)) * 100).toFixed(0)} %`),
      ),
    );
  }
}

function row(name, key, cells) {
  return `| ${name} | ${key} | ${cells.join(' | ')} |`;
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
