import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { expectSame, useOrt } from '../../testing/against-cpu.js';

useOrt();

it('arithmetic and shapes', () =>
  expectSame(
    (re, im) => {
      const z = tf.complex(re, im);
      const row = tf.complex(tf.slice(re, [0, 0], [1, 4]), tf.slice(im, [1, 0], [1, 4]));
      return [
        z.add(row),
        z.sub(row),
        z.mul(row),
        tf.transpose(z),
        tf.cast(tf.real(z), 'complex64'),
        tf.zerosLike(z),
        tf.onesLike(z),
        tf.abs(z),
        tf.cast(z, 'float32'),
        // The last two: tfjs's cpu reshapes z's own parts.
        tf.stack([z, z]),
        tf.reshape(z, [2, 6]),
      ];
    },
    [
      [3, 4],
      [3, 4],
    ],
  ));

// tfjs's cpu does not slice complex64, and gives concat a wrong shape.
it('slices and joins each part', () =>
  expectNoLeak(async () => {
    await tf.setBackend('ort');
    const joined = tf.tidy(() => {
      const z = tf.complex([1, 2, 3], [4, 5, 6]);
      return tf.concat([tf.slice(z, [1], [2]), z]);
    });
    expect(joined.shape).toEqual([5]);
    expect(Array.from(await joined.data())).toEqual([2, 5, 3, 6, 1, 4, 2, 5, 3, 6]);
    joined.dispose();
  }));

it('Fourier transforms', () =>
  expectSame(
    (re, im) => {
      const z = tf.complex(re, im);
      return [tf.fft(z), tf.ifft(z), tf.rfft(re), tf.irfft(z)];
    },
    [
      [3, 10],
      [3, 10],
    ],
  ));

it('counts its parts and lets them go', () =>
  expectNoLeak(async () => {
    await tf.setBackend('ort');
    const before = tf.memory().numDataBuffers;
    const z = tf.complex([1, 2], [3, 4]);
    const w = tf.tidy(() => z.mul(z));
    expect(Array.from(await w.data())).toEqual([-8, 6, -12, 16]);
    tf.dispose([z, w]);
    expect(tf.memory().numDataBuffers).toBe(before);
  }));
