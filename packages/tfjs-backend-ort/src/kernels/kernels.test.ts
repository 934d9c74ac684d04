import { expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectSame, gradsOf, useOrt } from '../../testing/against-cpu.js';

/** Every kernel against tfjs's own `cpu` backend, on irregular shapes. */

useOrt();

const unaries: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  abs: tf.abs,
  acos: tf.acos,
  asin: tf.asin,
  asinh: tf.asinh,
  atan: tf.atan,
  atanh: tf.atanh,
  ceil: tf.ceil,
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  floor: tf.floor,
  isNaN: tf.isNaN,
  isFinite: tf.isFinite,
  neg: tf.neg,
  relu: tf.relu,
  relu6: tf.relu6,
  round: tf.round,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sign: tf.sign,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  square: tf.square,
  step: tf.step,
  tan: tf.tan,
  tanh: tf.tanh,
  leakyRelu: (x) => tf.leakyRelu(x, 0.1),
  clip: (x) => tf.clipByValue(x, -0.3, 0.4),
  logOfAbs: (x) => tf.log(tf.abs(x)),
  sqrt: (x) => tf.sqrt(tf.abs(x)),
  rsqrt: (x) => tf.rsqrt(tf.abs(x)),
  reciprocal: tf.reciprocal,
  toInt: (x) => tf.mul(x, 9).toInt(),
  toBool: (x) => tf.round(x).toBool(),
  not: (x) => tf.logicalNot(tf.round(x).toBool()),
};

describe('unary', () => {
  for (const [name, f] of Object.entries(unaries)) it(name, () => expectSame((x) => f(x), [[3, 1, 5]]));
});

describe('binary with broadcasting', () => {
  const ops = {
    add: tf.add,
    sub: tf.sub,
    mul: tf.mul,
    div: tf.div,
    maximum: tf.maximum,
    minimum: tf.minimum,
    squaredDifference: tf.squaredDifference,
    floorDiv: tf.floorDiv,
    mod: tf.mod,
    greater: tf.greater,
    greaterEqual: tf.greaterEqual,
    less: tf.less,
    lessEqual: tf.lessEqual,
    equal: tf.equal,
    notEqual: tf.notEqual,
  };
  for (const [name, f] of Object.entries(ops)) {
    it(name, () =>
      expectSame(
        (a, b) => (f as typeof tf.add)(a, b),
        [
          [2, 3, 4],
          [3, 1],
        ],
      ),
    );
    it(`${name} of transposed views`, () =>
      expectSame(
        (a, b) => (f as typeof tf.add)(tf.transpose(a, [2, 0, 1]), b),
        [
          [2, 3, 4],
          [4, 1, 3],
        ],
      ));
  }
  it('pow', () => expectSame((a, b) => tf.pow(tf.abs(a), b), [[5, 2], [2]]));
  it('int32 arithmetic', () =>
    expectSame(
      (a, b) => [tf.add(a.toInt(), b.toInt()), tf.div(a.toInt(), tf.add(tf.abs(b.toInt()), 1))],
      [[7], [7]],
      { scale: 30 },
    ));
  it('where', () =>
    expectSame(
      (a, b) => tf.where(tf.greater(a, 0), a, b),
      [
        [4, 3],
        [4, 3],
      ],
    ));
  it('addN', () =>
    expectSame(
      (a, b, c) => tf.addN([a, b, c]),
      [
        [4, 3],
        [4, 3],
        [4, 3],
      ],
    ));
  it('prelu', () => expectSame((a, b) => tf.prelu(a, b), [[2, 3, 4], [4]]));
});

describe('reductions', () => {
  const ops = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min, prod: tf.prod };
  for (const [name, f] of Object.entries(ops)) {
    it(name, () =>
      expectSame((x) => [f(x), f(x, 1), f(x, [0, 2], true), f(tf.transpose(x, [2, 0, 1]), [0])], [[3, 4, 5]]),
    );
  }
  it('argMax, argMin', () =>
    expectSame((x) => [tf.argMax(x, 1), tf.argMin(x, -1), tf.argMax(tf.transpose(x), 0)], [[3, 4, 5]]));
  it('all, any', () =>
    expectSame((x) => [tf.all(tf.greater(x, -0.9), 0), tf.any(tf.greater(x, 0.8), 1)], [[6, 5]]));
  it('cumsum', () => expectSame((x) => [tf.cumsum(x, 1), tf.cumsum(x, 0, true, true)], [[3, 4]]));
  it('softmax, logSoftmax', () =>
    expectSame((x) => [tf.softmax(x), tf.logSoftmax(x)], [[3, 4, 5]], { scale: 4 }));
  it('topk', () =>
    expectSame(
      (x) => {
        const { values, indices } = tf.topk(x, 3);
        return [values, indices];
      },
      [[4, 7]],
    ));
  it('moments', () =>
    expectSame(
      (x) => {
        const { mean, variance } = tf.moments(x, [1, 2], true);
        return [mean, variance];
      },
      [[3, 4, 5, 2]],
    ));
});

describe('shape', () => {
  it('reshape of a transpose', () =>
    expectSame(
      (x) => [
        tf.reshape(tf.transpose(x, [0, 2, 3, 1]), [2, 20, 3]),
        tf.reshape(tf.transpose(x, [0, 2, 3, 1]), [2, 4, 15]),
        tf.reshape(tf.transpose(x, [0, 2, 3, 1]), [1, 2, 4, 1, 5, 3]),
        tf.reshape(tf.transpose(x, [3, 2, 1, 0]), [-1]),
      ],
      [[2, 3, 4, 5]],
    ));
  it('concat, stack, unstack, split', () =>
    expectSame(
      (a, b) => [
        tf.concat([a, b], 1),
        tf.concat([tf.transpose(a, [2, 1, 0]), tf.transpose(b, [2, 1, 0])], 1),
        tf.stack([a, a], 2),
        ...tf.unstack(a, 1),
        ...tf.split(b, [1, 3], 1),
      ],
      [
        [2, 3, 4],
        [2, 4, 4],
      ],
    ));
  it('slice, stridedSlice, reverse, tile, pad', () =>
    expectSame(
      (x) => [
        tf.slice(tf.transpose(x), [1, 0, 1], [2, -1, 1]),
        tf.stridedSlice(x, [0, 3, 0], [2, 0, 4], [1, -2, 3]),
        tf.reverse(x, [0, 2]),
        tf.tile(x, [2, 1, 3]),
        tf.pad(
          x,
          [
            [1, 0],
            [0, 2],
            [1, 1],
          ],
          7,
        ),
        tf.mirrorPad(
          x,
          [
            [1, 0],
            [0, 2],
            [1, 1],
          ],
          'reflect',
        ),
        tf.mirrorPad(
          x,
          [
            [1, 1],
            [0, 2],
            [1, 1],
          ],
          'symmetric',
        ),
      ],
      [[2, 4, 4]],
    ));
  it('fill, zeros, ones, range, oneHot, gather', () =>
    expectSame(
      (x) => [
        tf.fill([2, 3], 5),
        tf.zerosLike(x),
        tf.onesLike(x),
        tf.range(1, 9, 2),
        tf.linspace(0, 1, 5),
        tf.oneHot([1, 0, 3], 4),
        tf.gather(x, [2, 0, 2], 1),
        tf.gatherND(x, [
          [1, 2],
          [0, 1],
        ]),
      ],
      [[2, 4]],
    ));
});

describe('matrix products', () => {
  for (const [ta, tb] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ]) {
    const a = ta ? [2, 4, 3] : [2, 3, 4];
    const b = tb ? [2, 5, 4] : [2, 4, 5];
    it(`matMul ${ta} ${tb}`, () => expectSame((x, y) => tf.matMul(x, y, ta, tb), [a, b]));
    it(`matMul gradient ${ta} ${tb}`, () =>
      expectSame(
        gradsOf((x, y) => tf.matMul(x, y, ta, tb)),
        [a, b],
      ));
  }
  it('fused', () =>
    expectSame(
      (x, y, c) => tf.fused.matMul({ a: x as tf.Tensor2D, b: y as tf.Tensor2D, bias: c, activation: 'relu' }),
      [[3, 4], [4, 5], [5]],
    ));
});

describe('pooling and resizing', () => {
  const pools: [string, number, number, 'same' | 'valid' | number][] = [
    ['2x2', 2, 2, 'valid'],
    ['3x3 stride 1 same', 3, 1, 'same'],
    ['3x3 stride 2 pad 1', 3, 2, 1],
    ['3x3 stride 2 valid', 3, 2, 'valid'],
  ];
  for (const [name, size, stride, pad] of pools) {
    for (const [kind, pool] of Object.entries({ avg: tf.avgPool, max: tf.maxPool })) {
      const f = (x: tf.Tensor) => pool(x as tf.Tensor4D, size, stride, pad, pad === 1 ? 'floor' : undefined);
      it(`${kind} ${name}`, () => expectSame(f, [[2, 8, 6, 3]]));
      // tfjs's cpu AvgPoolGrad divides by the whole window at a 'same' border, as its forward does not.
      if (!(kind === 'avg' && pad !== 'valid'))
        it(`${kind} ${name} gradient`, () => expectSame(gradsOf(f), [[2, 8, 6, 3]]));
    }
  }
  for (const align of [false, true]) {
    for (const size of [
      [8, 10],
      [3, 7],
      [5, 5],
    ] as [number, number][]) {
      it(`bilinear ${size} ${align}`, () =>
        expectSame((x) => tf.image.resizeBilinear(x as tf.Tensor4D, size, align), [[2, 4, 5, 3]]));
      it(`nearest ${size} ${align}`, () =>
        expectSame((x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, align), [[2, 4, 5, 3]]));
    }
    it(`bilinear gradient ${align}`, () =>
      expectSame(
        gradsOf((x) => tf.image.resizeBilinear(x as tf.Tensor4D, [8, 8], align)),
        [[1, 5, 5, 3]],
      ));
    it(`nearest gradient ${align}`, () =>
      expectSame(
        gradsOf((x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [10, 10], align)),
        [[1, 5, 5, 3]],
      ));
    // tfjs's cpu gradients are wrong for batches and for sides that differ; a resize is linear, so its gradient
    // must be its adjoint.
    for (const resize of [tf.image.resizeBilinear, tf.image.resizeNearestNeighbor]) {
      for (const size of [
        [8, 10],
        [3, 7],
      ] as [number, number][]) {
        it(`${resize.name} gradient ${size} ${align} is the adjoint`, () =>
          expectNoLeak(async () => {
            await tf.setBackend('ort');
            const difference = tf.tidy(() => {
              const x = tf.tensor4d(uniform('x', [2, 4, 5, 3]), [2, 4, 5, 3]);
              const dy = tf.tensor4d(uniform('dy', [2, ...size, 3]), [2, ...size, 3]);
              const dx = tf.grad((v: tf.Tensor) => resize(v as tf.Tensor4D, size, align))(x, dy);
              return tf.sub(tf.sum(tf.mul(resize(x, size, align), dy)), tf.sum(tf.mul(x, dx)));
            });
            expect(Math.abs((await difference.data())[0])).toBeLessThan(1e-4);
            difference.dispose();
          }));
      }
    }
  }
  it('batch norm', () =>
    expectSame(
      (x, m, v, o, s) =>
        tf.batchNorm(
          x as tf.Tensor4D,
          m as tf.Tensor1D,
          tf.abs(v) as tf.Tensor1D,
          o as tf.Tensor1D,
          s as tf.Tensor1D,
        ),
      [[2, 3, 4, 5], [5], [5], [5], [5]],
    ));
});
