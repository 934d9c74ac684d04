import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { expectSame, useOrt } from '../../testing/against-cpu.js';

useOrt();

/**
 * int32 and bool inputs: the same types and values as tfjs's `cpu`. Not here: ops that tfjs-core refuses them; sums of
 * bools, which `cpu` stores as 2 in a bool tensor; float functions such as softplus, which `cpu` truncates to int32.
 */

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const unary: Record<string, Unary> = {
  abs: tf.abs,
  all: (x) => tf.all(tf.cast(x, 'bool'), 1),
  any: (x) => tf.any(tf.cast(x, 'bool'), 1),
  argMax: (x) => tf.argMax(x, 1),
  argMin: (x) => tf.argMin(x, 1),
  broadcast: (x) => tf.broadcastTo(x, [2, 3, 4]),
  clip: (x) => tf.clipByValue(x, -1, 2),
  cumsum: (x) => tf.cumsum(x, 1),
  exp: tf.exp,
  gather: (x) => tf.gather(x, [1, 0, 1]),
  isFinite: tf.isFinite,
  isInf: tf.isInf,
  isNaN: tf.isNaN,
  leakyRelu: (x) => tf.leakyRelu(x, 0.5),
  max: (x) => tf.max(x, 1),
  mean: (x) => tf.mean(x, 1),
  min: (x) => tf.min(x, 1),
  neg: tf.neg,
  onesLike: tf.onesLike,
  pad: (x) =>
    tf.pad(
      x,
      [
        [1, 0],
        [0, 2],
      ],
      1,
    ),
  prod: (x) => tf.prod(x, 1),
  reciprocal: (x) => tf.reciprocal(tf.add(tf.abs(x), 1)),
  relu: tf.relu,
  relu6: tf.relu6,
  reverse: (x) => tf.reverse(x, 1),
  round: tf.round,
  rsqrt: (x) => tf.rsqrt(tf.add(tf.abs(x), 1)),
  sign: tf.sign,
  slice: (x) => tf.slice(x, [1, 1], [2, 2]),
  softmax: (x) => tf.softmax(tf.cast(x, 'float32')),
  square: tf.square,
  stack: (x) => tf.stack([x, x], 1),
  step: (x) => tf.step(x, 0),
  sum: (x) => tf.sum(x, 1),
  tile: (x) => tf.tile(x, [2, 1]),
  toBool: (x) => tf.cast(x, 'bool'),
  toFloat: (x) => tf.cast(x, 'float32'),
  toInt: (x) => tf.cast(x, 'int32'),
  topk: (x) => tf.topk(x, 2).values,
  transpose: (x) => tf.transpose(x),
  zerosLike: tf.zerosLike,
};

const binary: Record<string, Binary> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: (a, b) => tf.div(a, tf.add(tf.abs(b), 1)),
  floorDiv: (a, b) => tf.floorDiv(a, tf.add(tf.abs(b), 1)),
  mod: (a, b) => tf.mod(a, tf.add(tf.abs(b), 2)),
  maximum: tf.maximum,
  minimum: tf.minimum,
  pow: (a, b) => tf.pow(tf.abs(a), tf.abs(b)),
  squaredDifference: tf.squaredDifference,
  prelu: (a, b) => tf.prelu(a, b),
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  where: (a, b) => tf.where(tf.greater(tf.cast(a, 'float32'), 0), a, b),
  concat: (a, b) => tf.concat([a, b], 1),
  matMul: (a, b) => tf.matMul(a, b, false, true),
  logicalXor: (a, b) => tf.logicalXor(tf.cast(a, 'bool'), tf.cast(b, 'bool')),
};

for (const dtype of ['int32', 'bool'] as const) {
  const as = (x: tf.Tensor) => tf.cast(tf.round(x), dtype);
  describe(dtype, () => {
    for (const [name, f] of Object.entries(unary)) {
      it(name, () => expectSame((x) => f(as(x)), [[3, 4]], { scale: 3 }));
    }
    for (const [name, f] of Object.entries(binary)) {
      const shapes = [
        [3, 4],
        [3, 4],
      ];
      if (dtype === 'int32' || !['add', 'sub', 'matMul'].includes(name)) {
        it(name, () => expectSame((a, b) => f(as(a), as(b)), shapes, { scale: 3 }));
      }
      if (dtype === 'bool' && name === 'concat') continue; // cpu writes the floats into a byte array
      it(`${name} with float32`, () => expectSame((a, b) => f(as(a), b), shapes, { scale: 3 }));
    }
  });
}
