import { scoredLayers, type TaskOptions, throwIfInterrupted, toTensor } from '@ddad/detector';
import type { Backbone } from '@ddad/features';
import { compile } from '@ddad/nn';
import { featureDistance } from '@ddad/scoring';
import * as tf from '@tensorflow/tfjs';
import type { Config } from '../config/schema.js';

/**
 * The features without diffusion: each image's distance to the good image whose features are nearest. The map
 * is `featureDistance` to the one good image for which it is smallest on average, so it is the same comparison
 * DDAD makes, with a real image in the place of the reconstruction.
 *
 * @param images resized, interleaved bytes
 * @param options.good the good images to compare with, at least one
 * @returns one map of `imageSize * imageSize` values per image
 */
export async function nearestFeatureMaps(
  images: readonly Uint8Array[],
  {
    backbone,
    good,
    config,
    onProgress,
    signal,
  }: TaskOptions & { backbone: Backbone; good: readonly Uint8Array[]; config: Config },
): Promise<Float32Array[]> {
  const { imageSize, channels } = config.data;
  if (good.length === 0) throw new Error('nearestFeatureMaps: needs at least one good image, got none');
  const size: [number, number] = [imageSize, imageSize];
  const features = compile((x: tf.Tensor4D) => backbone.features(x), {
    freeze: backbone.variables ?? backbone.parameters,
  });
  const compare = compile((...args: tf.Tensor4D[]) => {
    const count = args.length / 2;
    const one = args
      .slice(0, count)
      .map((a, i) => tf.tile(a, [args[count + i].shape[0], 1, 1, 1]) as tf.Tensor4D);
    const map = featureDistance(one, args.slice(count), { size, layers: scoredLayers(config, count) });
    return [map, tf.mean(map, [1, 2, 3])];
  });
  const made: tf.Tensor[] = [];
  const featuresOf = async (batch: readonly Uint8Array[]) => {
    const x = toTensor(batch, imageSize, channels);
    const out = (await features(x)) as tf.Tensor4D[];
    x.dispose();
    return out;
  };
  try {
    const references: { features: tf.Tensor4D[] }[] = [];
    const chunk = 16;
    for (let at = 0; at < good.length; at += chunk) {
      const found = await featuresOf(good.slice(at, at + chunk));
      made.push(...found);
      references.push({ features: found });
    }
    const maps: Float32Array[] = [];
    for (const image of images) {
      throwIfInterrupted(signal, 'computing the baselines');
      const own = await featuresOf([image]);
      let best = { distance: Number.POSITIVE_INFINITY, map: new Float32Array(imageSize * imageSize) };
      for (const reference of references) {
        const [map, means] = (await compare(...own, ...reference.features)) as tf.Tensor[];
        const distances = await means.data();
        const nearest = distances.indexOf(Math.min(...distances));
        if (distances[nearest] < best.distance) {
          const area = imageSize * imageSize;
          const values = (await map.data()) as Float32Array;
          best = { distance: distances[nearest], map: values.slice(nearest * area, (nearest + 1) * area) };
        }
        tf.dispose([map, means]);
      }
      tf.dispose(own);
      maps.push(best.map);
      onProgress?.({ phase: 'baselines', done: maps.length, total: images.length });
    }
    return maps;
  } finally {
    tf.dispose(made);
    features.dispose();
    compare.dispose();
  }
}
