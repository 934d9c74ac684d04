import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { useOrt } from '../../testing/against-cpu.js';
import { plainTransposes } from './plain-transposes.js';
import { opsOf } from './program.js';
import { transposeValue } from './transpose.js';
import { hostValue, op } from './value.js';

useOrt();

const shape = [2, 32, 3, 64];
const value = () => hostValue('float32', shape, new Float32Array(2 * 32 * 3 * 64));

it.each([[[0, 2, 3, 1]], [[0, 2, 1, 3]], [[3, 1, 2, 0]], [[1, 3, 0, 2]]])(
  '%j becomes Transpose nodes of the shapes it had',
  (order) => {
    const moves = opsOf([transposeValue(value(), order)]);
    const plain = plainTransposes(moves);
    expect(plain.map(({ type }) => type)).not.toContain('Einsum');
    plain.forEach(({ type, attributes, inputs, outputs }) => {
      if (type !== 'Transpose') return;
      const perm = attributes.perm as number[];
      expect(outputs[0].shape).toEqual(perm.map((axis) => inputs[0]!.shape[axis]));
    });
  },
);

it('names the axes that Einsum moves', async () => {
  const x = tf.reshape(tf.range(0, 24), [2, 3, 4]);
  const moved = tf.einsum('abc->bca', x);
  const einsum = op('Einsum', [hostValue('float32', [2, 3, 4], new Float32Array(24))], 'float32', [3, 4, 2], {
    attributes: { equation: 'abc->bca' },
  });
  const [{ type, attributes }] = plainTransposes(opsOf([einsum]));
  expect(type).toBe('Transpose');
  const transposed = tf.transpose(x, attributes.perm as number[]);
  expect(await transposed.array()).toEqual(await moved.array());
  tf.dispose([x, moved, transposed]);
});

it.each(['abcd->abc', 'abca->abc', 'abcd->abdd'])('leaves %s as it is', (equation) => {
  const made = op('Einsum', [value()], 'float32', shape, { attributes: { equation } });
  expect(plainTransposes(opsOf([made]))).toEqual(opsOf([made]));
});

it('leaves products as they are', () => {
  const [a, b] = [value(), value()];
  const product = op('Einsum', [a, b], 'float32', shape, { attributes: { equation: 'abcd,abcd->abcd' } });
  expect(plainTransposes(opsOf([product]))).toEqual(opsOf([product]));
});
