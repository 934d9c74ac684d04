import { createScorer, detectionGraph, maskSource, type Networks, normalizationOf } from '@ddad/detector';
import { imageNoise, seedFrom, uniform } from '@ddad/nn';
import { type StateDict, writeSafetensors } from '@ddad/weights';
import type { Manifest } from '../checkpoint/manifest-file.js';

/** Runs of `detector.onnx` that the vectors have: of random bytes, and of a ramp. */
const runs = 2;

/**
 * What `Detector` finds in images made by a rule, to check another program by: `image` [runs, n, h, w, c], `noise`
 * [runs, draws, n, h, w, c] where there is a UNet, `score` [runs, n] and `map` [runs, n, h, w], as safetensors. A run is
 * what `detector.onnx` takes and gives.
 *
 * @param n images per run
 */
export async function testVectors(manifest: Manifest, networks: Networks, n: number): Promise<Uint8Array> {
  const { config, calibration } = manifest;
  const { imageSize, channels } = config.data;
  const shape = [imageSize, imageSize, channels];
  const images = Array.from({ length: runs * n }, (_, i) => (i < n ? randomBytes(i, shape) : ramp(i, shape)));
  const mask = maskSource(manifest)({ width: imageSize, height: imageSize });
  const scorer = createScorer(config, { networks, engine: 'ort' });
  try {
    const found = { score: new Float32Array(images.length), map: [] as Float32Array[] };
    for (const [i, image] of images.entries()) {
      const [distances] = await scorer.distances([image], {
        phase: 'detect',
        change: calibration?.change ?? 0,
        masks: [mask],
      });
      const [{ score, map }] = await scorer.maps([distances], normalizationOf(config, calibration));
      found.score[i] = score;
      found.map.push(map);
    }
    const state: StateDict = new Map();
    state.set('image', { dtype: 'U8', shape: [runs, n, ...shape], data: joined(Uint8Array, images) });
    const drawn = detectionGraph(manifest, networks).noise(n);
    if (drawn) {
      const noise: Float32Array[] = [];
      for (let run = 0; run < runs; run++) {
        noise.push(...(await noiseOf(images.slice(run * n, (run + 1) * n), drawn)));
      }
      state.set('noise', { dtype: 'F32', shape: [runs, ...drawn], data: joined(Float32Array, noise) });
    }
    state.set('score', { dtype: 'F32', shape: [runs, n], data: found.score });
    state.set('map', {
      dtype: 'F32',
      shape: [runs, n, imageSize, imageSize],
      data: joined(Float32Array, found.map),
    });
    return writeSafetensors(state);
  } finally {
    scorer.dispose();
  }
}

/** The noise that the detector takes for these images, a draw each. */
async function noiseOf(images: readonly Uint8Array[], [draws, ...shape]: number[]): Promise<Float32Array[]> {
  const draw = imageNoise(images.map(seedFrom));
  const out: Float32Array[] = [];
  for (let i = 0; i < draws; i++) {
    const tensor = draw(shape);
    out.push((await tensor.data()) as Float32Array);
    tensor.dispose();
  }
  return out;
}

function randomBytes(seed: number, shape: readonly number[]): Uint8Array {
  return Uint8Array.from(uniform(seed, sizeOf(shape)), (value) => Math.floor(value * 256));
}

function ramp(seed: number, [h, w, c]: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: h * w * c }, (_, i) => {
    const [y, x] = [Math.floor(i / (w * c)), Math.floor(i / c) % w];
    return Math.floor((128 * (x / w + y / h) + 40 * (i % c) + 16 * seed) % 256);
  });
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function joined<T extends Uint8Array | Float32Array>(
  type: new (length: number) => T,
  parts: readonly T[],
): T {
  const out = new type(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part as never, at);
    at += part.length;
  }
  return out;
}
