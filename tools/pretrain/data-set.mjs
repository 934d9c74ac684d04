import { readdirSync, readFileSync } from 'node:fs';
import { readImage } from '@ddad/images';
import * as tf from '@tensorflow/tfjs';

/** The pixels of a data set in MVTec layout: uint8 images of `size`, masks of 0 and 1. */
export async function load(root, { size, train }) {
  const pixelCount = size[0] * size[1];
  const list = (folder) =>
    readdirSync(`${root}/${folder}`)
      .sort()
      .map((name) => `${root}/${folder}/${name}`);
  const pixels = async (path, channels, method) =>
    (await readImage(readFileSync(path), { size, channels, method })).data;
  const tests = readdirSync(`${root}/test`)
    .sort()
    .flatMap((kind) => list(`test/${kind}`));
  const masks = new Uint8Array(tests.length * pixelCount);
  for (const [i, path] of tests.entries()) {
    if (path.includes('/good/')) continue;
    const mask = await pixels(
      path.replace('/test/', '/ground_truth/').replace(/\.\w+$/, '_mask.png'),
      1,
      'nearest',
    );
    masks.set(
      mask.map((value) => (value > 127 ? 1 : 0)),
      i * pixelCount,
    );
  }
  return {
    good: await Promise.all(
      list('train/good')
        .slice(0, train)
        .map((path) => pixels(path, 3, 'bilinear')),
    ),
    tested: await Promise.all(tests.map((path) => pixels(path, 3, 'bilinear'))),
    labels: tests.map((path) => (path.includes('/good/') ? 0 : 1)),
    masks,
  };
}

/** [1, h, w, 3] in [-1, 1]. */
export function toTensor(data, size) {
  return tf.tidy(() =>
    tf
      .tensor4d(Float32Array.from(data), [1, ...size, 3])
      .div(127.5)
      .sub(1),
  );
}
