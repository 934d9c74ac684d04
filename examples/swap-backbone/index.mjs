// Another feature extractor in DDAD: a tfjs-layers model in the place of the ResNet.
// Usage: node index.mjs [url or path of a saved tfjs-layers model] [its layers, finest first, comma-separated]
//   e.g. a MobileNet that was converted to tfjs: node index.mjs file:///models/mobilenet/model.json conv_pw_3_relu,...
import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromLayersModel } from '@ddad/features';
import { Detector, loadConfig, run, synthesize } from '@ddad/pipeline';
import * as tf from '@tensorflow/tfjs';

const [url, layers = 'fine,middle,coarse'] = process.argv.slice(2);

/** A small convolutional network with random weights; yours is a trained one. */
function smallModel() {
  const stage = (name, filters, seed) => [
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      useBias: false,
      kernelInitializer: tf.initializers.heNormal({ seed }),
      name: `${name}_conv`,
    }),
    tf.layers.batchNormalization({ name: `${name}_norm` }),
    tf.layers.reLU({ name }),
  ];
  return tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [32, 32, 3] }),
      ...stage('fine', 16, 1),
      ...stage('middle', 32, 2),
      ...stage('coarse', 64, 3),
    ],
  });
}

// A new one at every call: the pipeline adapts it, and Detector.load fills it with the adapted weights.
const backbone = async () =>
  fromLayersModel(url ? await tf.loadLayersModel(url) : smallModel(), layers.split(','));

const folder = await mkdtemp(join(tmpdir(), 'swap-backbone-'));
const data = await synthesize({
  out: join(folder, 'data'),
  category: 'weave',
  size: 32,
  counts: { train: 16, testGood: 4, testDefect: 4 },
});
const config = loadConfig({
  data: { kind: 'mvtec', root: data.root, category: data.category, imageSize: 32 },
  model: { baseChannels: 32, channelMultipliers: [1, 1], attentionResolutions: [], start: 100, skip: 50 },
  training: { steps: 20, batchSize: 4 }, // a real training takes hundreds
  features: { backbone: 'custom', weights: 'random' }, // random: as `backbone` gives it
  adaptation: { epochs: 1, batchSize: 8 },
  scoring: { sigma: 2 },
  output: { checkpoints: join(folder, 'checkpoints'), results: join(folder, 'results') },
});

const report = await run(config, { backbone });
console.log('image AUROC', report.metrics.imageAuroc, 'pixel AUROC', report.metrics.pixelAuroc);
console.log('report', report.files.report);

const detector = await Detector.load(join(folder, 'checkpoints'), { backbone });
const [image] = report.images;
const { score, threshold } = await detector.detect(join(folder, 'data', image.id));
console.log(image.id, 'score', score, 'threshold', threshold);
assert.equal(score, image.score);
detector.dispose();
