// Weights both ways: random checkpoints of torch.save (zip, legacy, `module.`, half precision) of UNets and of every
// ResNet, loaded here, outputs compared; then written here, loaded in torch strictly, outputs compared.
// Usage: node tools/peers/torch-parity/checkpoints.mjs [python with torch and torchvision]
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UNet } from '@ddad/diffusion';
import * as features from '@ddad/features';
import { readSafetensors, readStateDict, writeTorch } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';

const python = process.argv[2] ?? 'python3';
const script = fileURLToPath(new URL('checkpoints.py', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'torch-parity-'));
const limit = 1e-4;
let worst = 0;

const run = (what) =>
  execFileSync(python, [script, what, folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const nhwc = ({ data, shape }) => tf.tidy(() => tf.transpose(tf.tensor(data, shape), [0, 2, 3, 1]));

async function error(actual, golden) {
  const expected = nhwc(golden);
  const scale = golden.data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const difference = tf.tidy(() => tf.div(tf.max(tf.abs(tf.sub(actual, expected))), scale));
  const [value] = await difference.data();
  tf.dispose([expected, difference]);
  return value;
}

function report(name, value) {
  worst = Math.max(worst, value);
  console.log(`${value <= limit ? 'ok    ' : 'FAILED'}  ${name.padEnd(34)} ${value.toExponential(1)}`);
}

async function compare(name, network, forward, outputs) {
  const golden = readSafetensors(await readFile(join(folder, `${name}.out`)));
  const x = nhwc(golden.get('x'));
  for (const [kind, prefix] of [
    ['zip.pth', ''],
    ['legacy.pth', ''],
    ['module', ''],
    ['half.pth', 'half.'],
  ]) {
    network.loadStateDict(await readStateDict(join(folder, `${name}.${kind}`)));
    const actual = tf.tidy(() => forward(x));
    let value = 0;
    for (const [i, output] of outputs.entries())
      value = Math.max(value, await error(actual[i], golden.get(prefix + output)));
    tf.dispose(actual);
    report(`${name}.${kind}`, value);
  }
  x.dispose();
  network.loadStateDict(await readStateDict(join(folder, `${name}.zip.pth`)));
  const state = await network.stateDict();
  const exported = new Map([...state].map(([key, tensor]) => [`module.${key}`, tensor]));
  await writeFile(join(folder, `${name}.ours.pth`), writeTorch(exported));
  network.dispose();
}

try {
  run('make');
  await initOrt();
  const unets = { unet32: [32, 32, 2], unet64: [64, 64, 4], unet128: [128, 32, 2] };
  for (const [name, [imageSize, baseChannels, heads]] of Object.entries(unets)) {
    const unet = new UNet({ imageSize, baseChannels, heads });
    await compare(name, unet, (x) => [unet.forward(x, [3, 611])], ['y']);
  }
  const resnets = {
    resnet18: features.resnet18,
    resnet34: features.resnet34,
    resnet50: features.resnet50,
    resnet101: features.resnet101,
    wide_resnet50_2: features.wideResnet50_2,
    wide_resnet101_2: features.wideResnet101_2,
  };
  for (const [name, make] of Object.entries(resnets)) {
    const backbone = make();
    await compare(name, backbone, (x) => backbone.features(x), ['y0', 'y1', 'y2']);
  }
  for (const [name, value] of Object.entries(JSON.parse(run('check'))))
    report(`${name} written here, read there`, value);
} finally {
  await rm(folder, { recursive: true });
}
console.log(`largest error ${worst.toExponential(1)}, allowed ${limit}`);
process.exit(worst <= limit ? 0 : 1);
