// The memory of @ddad/scoring, as a detector has it, on the task of peer.py, with the same arguments. Prints one line of JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { resnet18 } from '@ddad/features';
import { readImage } from '@ddad/images';
import { auroc } from '@ddad/metrics';
import { compile, startEngine } from '@ddad/nn';
import { featureMemory, gaussianBlur, loadMemory, memoryDistance } from '@ddad/scoring';
import { readStateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';

const [root, weights, ...rest] = process.argv.slice(2);
const [side, vectors] = rest.slice(0, 2).map(Number);
const [method, seed] = [rest[2], Number(rest[3])];
const size = [side, side];

await startEngine({ engine: 'ort' });
const backbone = resnet18();
backbone.loadStateDict(await readStateDict(weights), { strict: false });

const list = (folder) =>
  readdirSync(`${root}/${folder}`)
    .sort()
    .map((name) => `${root}/${folder}/${name}`);
const pixels = async (path, channels, method) => {
  const { data } = await readImage(readFileSync(path), { size, channels, method });
  return data;
};
const load = (path) => pixels(path, 3, 'bilinear');
const toTensor = (data) =>
  tf.tidy(() => tf.tensor4d(Float32Array.from(data), [1, side, side, 3]).div(127.5).sub(1));

const good = await Promise.all(list('train/good').map(load));
const tests = readdirSync(`${root}/test`)
  .sort()
  .flatMap((kind) => list(`test/${kind}`));
const tested = await Promise.all(tests.map(load));
const labels = tests.map((path) => (path.includes('/good/') ? 0 : 1));

const extract = compile((x) => backbone.features(x).slice(1), { freeze: backbone.variables });
let extracting = 0;
async function* features() {
  for (const image of good) {
    const began = performance.now();
    const x = toTensor(image);
    const layers = await extract(x);
    extracting += performance.now() - began;
    try {
      yield layers;
    } finally {
      tf.dispose([x, layers]);
    }
  }
}
const began = performance.now();
const memory = await featureMemory({
  features: features(),
  layers: [0, 1],
  coreset: { method, vectors },
  components: 128,
  seed,
});
const built = performance.now();
extract.dispose();

const loaded = loadMemory(memory);
const score = compile(
  (x) => gaussianBlur(memoryDistance(loaded, backbone.features(x).slice(1), { size }), 4),
  { freeze: [...backbone.variables, ...loaded.variables] },
);
const maps = new Float32Array(tests.length * side * side);
const scores = [];
let compiled = 0;
for (const [i, image] of tested.entries()) {
  const x = toTensor(image);
  const map = await score(x);
  const values = await map.data();
  maps.set(values, i * side * side);
  scores.push(values.reduce((a, b) => Math.max(a, b)));
  tf.dispose([x, map]);
  if (i === 0) compiled = performance.now();
}
const scored = performance.now();

const masks = new Uint8Array(maps.length);
for (const [i, path] of tests.entries()) {
  if (labels[i] === 0) continue;
  const mask = path.replace('/test/', '/ground_truth/').replace(/\.\w+$/, '_mask.png');
  masks.set(
    (await pixels(mask, 1, 'nearest')).map((value) => (value > 127 ? 1 : 0)),
    i * side * side,
  );
}
console.log(
  JSON.stringify({
    imageAuroc: auroc(labels, scores),
    pixelAuroc: auroc(masks, maps),
    features: extracting / 1e3,
    coreset: (built - began - extracting) / 1e3,
    perImage: (scored - compiled) / 1e3 / (tests.length - 1),
    peak: process.resourceUsage().maxRSS * 1024,
  }),
);
