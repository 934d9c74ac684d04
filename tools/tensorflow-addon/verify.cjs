/**
 * Loads an addon package and compares a convolution and its gradients with what torch.nn.functional.conv2d
 * gives; prints what it runs on: node verify.cjs PACKAGE_FOLDER
 */
const assert = require('node:assert');
const { createRequire } = require('node:module');
const { resolve } = require('node:path');

process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
const requireFrom = createRequire(resolve(process.argv[2], 'package.json'));
const tf = requireFrom('@tensorflow/tfjs');
requireFrom('./dist/index.js');
const backend = tf.backend();
assert.strictEqual(tf.getBackend(), 'tensorflow');

// The image 1..9, the kernel 1..9, the loss sum(y * [1..9]).
const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const x = tf.tensor4d(nine, [1, 3, 3, 1]);
const filter = tf.tensor4d(nine, [3, 3, 1, 1]);
const weights = tf.tensor4d(nine, [1, 3, 3, 1]);
const convolve = (x, filter) => tf.conv2d(x, filter, 1, 'same');
const known = [94, 154, 106, 186, 285, 186, 106, 154, 94];
check(convolve(x, filter), known);
const [dx, dFilter] = tf.grads((x, filter) => tf.sum(tf.mul(convolve(x, filter), weights)))([x, filter]);
check(dx, [26, 56, 54, 84, 165, 144, 134, 236, 186]);
check(dFilter, known);

/** To what a fast algorithm may round. */
function check(tensor, expected) {
  const actual = [...tensor.dataSync()];
  const close = expected.every((value, i) => Math.abs(actual[i] - value) < 0.1);
  assert.ok(close, `needs ${expected}, got ${actual}`);
}

const device = backend.isUsingGpuDevice ? 'GPU' : 'CPU';
console.log(`TensorFlow ${backend.binding.TF_Version} on the ${device}: convolution and gradients are right`);
if (backend.isGPUPackage && !backend.isUsingGpuDevice) {
  console.log('no CUDA device was found: the engine tensorflow-gpu will refuse to start on this machine');
}
