/**
 * Loads an addon package and compares a convolution and its gradients with values computed by hand; prints what it
 * runs on: node verify.cjs PACKAGE_FOLDER
 */
const assert = require('node:assert');
const { createRequire } = require('node:module');

process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
const requireFrom = createRequire(`${process.argv[2]}/package.json`);
const tf = requireFrom('@tensorflow/tfjs');
requireFrom('./dist/index.js');
const backend = tf.backend();
assert.strictEqual(tf.getBackend(), 'tensorflow');

// y is the 3x3 box sum of 1..9, the loss the sum of i * y[i].
const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const x = tf.tensor4d(nine, [1, 3, 3, 1]);
const filter = tf.ones([3, 3, 1, 1]);
const weights = tf.tensor4d(nine, [1, 3, 3, 1]);
const convolve = (x, filter) => tf.conv2d(x, filter, 1, 'same');
const boxSum = [12, 21, 16, 27, 45, 33, 24, 39, 28];
assert.deepStrictEqual([...convolve(x, filter).dataSync()], boxSum);
const [dx, dFilter] = tf.grads((x, filter) => tf.sum(tf.mul(convolve(x, filter), weights)))([x, filter]);
assert.deepStrictEqual([...dx.dataSync()], boxSum);
assert.deepStrictEqual([...dFilter.dataSync()], [94, 154, 106, 186, 285, 186, 106, 154, 94]);

const device = backend.isUsingGpuDevice ? 'GPU' : 'CPU';
console.log(`TensorFlow ${backend.binding.TF_Version} on the ${device}: convolution and gradients are right`);
if (backend.isGPUPackage && !backend.isUsingGpuDevice) {
  console.log('no CUDA device was found: the engine tensorflow-gpu will refuse to start on this machine');
}
