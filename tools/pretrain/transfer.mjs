// What features are worth: a feature memory on data sets in MVTec layout, for several networks, all else equal.
// `embedded` is compared with the distance from `random` to `resnet18`. Needs a build.
//
//   node tools/pretrain/transfer.mjs --data <root>[,<root>...] --network <name>[=<weights>] ... [--side 256]
//     [--vectors 1000] [--train 40] [--seeds 0,1,2] [--threads 2] [--json out.json]
//
// <root> holds train/good, test/<kind>, ground_truth/<kind>. Networks: those of @ddad/features by name, with the weights
// given or random ones; `embedded` without a file is the one shipped. A name before a colon labels the row:
// `random:resnet18`, `trained:embedded=weights.safetensors`. A memory has layer2 and layer3 of a ResNet.
import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { aupro, auroc } from '@ddad/metrics';
import { compile, startEngine } from '@ddad/nn';
import { featureMemory, gaussianBlur, loadMemory, memoryDistance } from '@ddad/scoring';
import * as tf from '@tensorflow/tfjs';
import { load, toTensor } from './data-set.mjs';
import { open } from './network.mjs';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', multiple: true },
    network: { type: 'string', multiple: true },
    side: { type: 'string', default: '256' },
    vectors: { type: 'string', default: '1000' },
    method: { type: 'string', default: 'greedy' },
    train: { type: 'string', default: '40' },
    seeds: { type: 'string', default: '0' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});
const side = Number(options.side);
const size = [side, side];

await startEngine({ engine: 'ort', threads: Number(options.threads) });
const results = {};
for (const root of options.data.flatMap((list) => list.split(','))) {
  const data = await load(root, { size, train: Number(options.train) });
  const name = basename(root);
  results[name] = {};
  for (const network of options.network) {
    const { label, backbone } = await open(network);
    const runs = await evaluate(backbone, data);
    backbone.dispose();
    const row = Object.fromEntries(Object.keys(runs[0]).map((key) => [key, runs.map((run) => run[key])]));
    results[name][label] = row;
    const shown = Object.entries(row).map(([key, values]) => `${key} ${mean(values).toFixed(4)}`);
    console.log(`${basename(dirname(root))}/${name}  ${label.padEnd(12)} ${shown.join('  ')}`);
  }
}
if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 1)}\n`);
summarise();

/** Mean of each network over the data sets, and its share of the way from `random` to `resnet18`. */
function summarise() {
  const labels = Object.keys(Object.values(results)[0]);
  const means = Object.fromEntries(
    labels.map((label) => [
      label,
      ['imageAuroc', 'pixelAuroc', 'aupro'].map((key) =>
        mean(Object.values(results).map((byLabel) => mean(byLabel[label][key]))),
      ),
    ]),
  );
  for (const label of labels) {
    const share = means[label].map((value, i) =>
      means.random && means.resnet18
        ? ((value - means.random[i]) / (means.resnet18[i] - means.random[i])) * 100
        : Number.NaN,
    );
    console.log(
      `mean ${label.padEnd(16)} image ${means[label][0].toFixed(4)}  pixel ${means[label][1].toFixed(4)} (${share[1].toFixed(0)} %)  aupro ${means[label][2].toFixed(4)} (${share[2].toFixed(0)} %)`,
    );
  }
}

/** Scores with a memory of each seed; the features are the same for all. */
async function evaluate(backbone, { good, tested, labels, masks }) {
  const extract = compile((x) => backbone.features(x), { freeze: backbone.variables });
  const features = async (images) => {
    const all = [];
    for (const image of images) {
      const x = toTensor(image, size);
      all.push(await extract(x));
      x.dispose();
    }
    return all;
  };
  const [known, seen] = [await features(good), await features(tested)];
  extract.dispose();
  const runs = [];
  for (const seed of options.seeds.split(',').map(Number)) {
    const coreset = { method: options.method, vectors: Number(options.vectors), candidates: 20_000 };
    const loaded = loadMemory(await featureMemory({ features: known, layers: [0, 1], coreset, seed }));
    const score = compile((...layers) => gaussianBlur(memoryDistance(loaded, layers, { size }), 4), {
      freeze: loaded.variables,
    });
    const maps = new Float32Array(masks.length);
    const scores = [];
    for (const [i, layers] of seen.entries()) {
      const map = await score(...layers);
      const values = await map.data();
      maps.set(values, i * side * side);
      scores.push(values.reduce((a, b) => Math.max(a, b)));
      map.dispose();
    }
    score.dispose();
    loaded.dispose();
    runs.push({
      imageAuroc: auroc(labels, scores),
      pixelAuroc: auroc(masks, maps),
      aupro: aupro(masks, maps, { shape: [tested.length, side, side] }),
    });
  }
  tf.dispose([known, seen]);
  return runs;
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
