import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { imageNoise, seedFrom, toOnnx } from '@ddad/nn';
import { expectNoLeak } from '@ddad/testing';
import type * as tf from '@tensorflow/tfjs';
import ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../../testing/make-detector.js';
import { Detector } from '../detector.js';
import { fileSource } from '../file-source.js';
import { parseManifest } from '../manifest.js';
import { loadNetworks } from '../networks/load-networks.js';
import { detectionGraph } from './detection-graph.js';

let made: MadeDetector;
beforeAll(async () => {
  made = await makeDetector({ steps: 5 });
});
afterAll(() => rm(dirname(made.folder), { recursive: true }));

test('the graph in plain ONNX Runtime gives the scores and maps of the detector', async () => {
  const detector = await Detector.load(made.folder, { engine: 'ort', threads: 1 });
  const text = await readFile(join(made.folder, 'detector.json'), 'utf8');
  const manifest = parseManifest(text, 'detector.json');
  const networks = await loadNetworks(fileSource(made.folder), manifest);
  let model: Uint8Array | undefined;
  await expectNoLeak(async () => {
    const { detect, noise } = detectionGraph(manifest, networks);
    expect(noise(1)).toEqual([3, 1, 32, 32, 3]);
    model = await toOnnx(
      (image, noise) => {
        const { score, map } = detect(image as tf.Tensor4D, { noise: noise as tf.Tensor5D });
        return [score, map];
      },
      {
        inputs: [
          { name: 'image', shape: [1, 32, 32, 3], dtype: 'uint8' },
          { name: 'noise', shape: noise(1)! },
        ],
        outputs: ['score', 'map'],
      },
    );
  });
  const session = await ort.InferenceSession.create(model!);
  for (const path of made.images.slice(0, 4)) {
    const expected = await detector.detect(path);
    const [{ bytes }] = (await detector.prepare(path)).parts;
    const draw = imageNoise([seedFrom(bytes)]);
    const noise = new Float32Array(3 * 32 * 32 * 3);
    for (let i = 0; i < 3; i++) {
      const tensor = draw([1, 32, 32, 3]);
      noise.set(await tensor.data(), i * tensor.size);
      tensor.dispose();
    }
    const { score, map } = await session.run({
      image: new ort.Tensor('uint8', bytes, [1, 32, 32, 3]),
      noise: new ort.Tensor('float32', noise, [3, 1, 32, 32, 3]),
    });
    expect(map.dims).toEqual([1, 32, 32]);
    expect(Math.abs((score.data as Float32Array)[0] - expected.score)).toBeLessThan(1e-4 * expected.score);
    const worst = expected.map.map((value, i) => Math.abs(value - (map.data as Float32Array)[i]));
    expect(Math.max(...worst)).toBeLessThan(1e-4 * expected.score);
  }
  await session.release();
  networks.dispose();
  detector.dispose();
});
