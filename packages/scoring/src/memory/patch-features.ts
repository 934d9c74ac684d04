import * as tf from '@tensorflow/tfjs';

/**
 * What a position looks like, with its neighbourhood (PatchCore, arXiv 2106.08265, section 3.1): each layer averaged
 * over 3x3 positions, the zeros around the border counted; the coarser ones brought to the finest resolution, bilinearly
 * and with pixel centres kept in place; all channels side by side.
 *
 * The zeros matter: they make features at the border shorter, and so their distances, which are unreliable there because
 * every convolution before has seen padding too.
 *
 * @param features one `[n, h, w, c]` per layer of a backbone
 * @param layers which of them count, as indices; their channels follow in this order
 * @returns `[n, h, w, sum of c]`, h and w those of the finest of the layers
 */
export function patchFeatures(features: readonly tf.Tensor4D[], layers: readonly number[]): tf.Tensor4D {
  checkLayers(features, layers);
  return tf.tidy(() => {
    const used = layers.map((layer) => features[layer]);
    const size = patchGrid(features, layers);
    const joined = used.map((layer) => {
      const padded = tf.pad(layer, border);
      const pooled = tf.avgPool(padded, 3, 1, 'valid') as tf.Tensor4D;
      if (layer.shape[1] === size[0] && layer.shape[2] === size[1]) return pooled;
      return tf.image.resizeBilinear(pooled, size, false, true);
    });
    return joined.length === 1 ? joined[0] : tf.concat(joined, 3);
  });
}

const border: [number, number][] = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
];

/** Height and width of {@link patchFeatures}: those of the layer with the most positions. */
function patchGrid(features: readonly tf.Tensor4D[], layers: readonly number[]): [number, number] {
  return layers
    .map((layer): [number, number] => [features[layer].shape[1], features[layer].shape[2]])
    .reduce((a, b) => (b[0] * b[1] > a[0] * a[1] ? b : a));
}

function checkLayers(features: readonly tf.Tensor4D[], layers: readonly number[]): void {
  if (layers.length === 0) throw new Error('patchFeatures: needs at least one layer, got layers = []');
  for (const layer of layers) {
    if (!(Number.isInteger(layer) && layer >= 0 && layer < features.length)) {
      throw new Error(`patchFeatures: needs layer ${layer}, got features of ${features.length} layers`);
    }
    const { shape } = features[layer];
    const [n] = features[layers[0]].shape;
    if (shape.length !== 4 || shape[0] !== n) {
      throw new Error(`patchFeatures: features[${layer}] must have shape [${n}, h, w, c], got [${shape}]`);
    }
  }
}
