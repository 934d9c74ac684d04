import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { compile, initOrt } from '../../index.js';

it('initOrt({ debug }) leaves the graphs as files that ONNX Runtime runs', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'ort-debug-'));
  const folder = join(parent, 'graphs');
  try {
    const seen: number[] = [];
    await initOrt({ threads: 1, debug: folder, onModel: (bytes) => seen.push(bytes.length) });
    const x = tf.tensor1d([1, 2, 3]);
    const lazy = tf.tidy(() => tf.sum(tf.square(x)));
    expect((await lazy.data())[0]).toBe(14);
    const compiled = compile((a: tf.Tensor) => tf.add(tf.mul(a, 2), 1));
    const y = await compiled(x);
    compiled.dispose();
    tf.dispose([x, lazy, y]);

    expect((await readdir(folder)).sort()).toEqual(['graph-0001.onnx', 'graph-0002.onnx']);
    expect(seen).toHaveLength(2);
    const session = await InferenceSession.create(join(folder, 'graph-0001.onnx'));
    const results = await session.run({
      [session.inputNames[0]]: new Tensor('float32', Float32Array.of(5, 6, 7), [3]),
    });
    expect(Array.from(results[session.outputNames[0]].data as Float32Array)).toEqual([25 + 36 + 49]);
    await session.release();
  } finally {
    await rm(parent, { recursive: true });
    await initOrt({ threads: 1 });
  }
});
