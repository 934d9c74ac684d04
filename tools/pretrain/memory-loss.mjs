import * as tf from '@tensorflow/tfjs';

/**
 * What a feature memory is used for, as a loss. Every picture is looked up in the good cells of the other pictures of its
 * scene. Two things are asked of the distance to the nearest of them, each as softplus(power (log smaller - log larger)):
 *
 * - of a flawed cell it is to be larger than of the good cells of its scene, each of them;
 * - of a good cell it is to be smaller than its distance to the nearest cell of another scene.
 *
 * @param layers layer2 and layer3, [scenes * views, h, w, c], joined as a feature memory joins them
 * @param flaw [scenes * views, h, w, 1] at the size of layer2: the flawed share of each cell
 * @returns the two losses, [2], means over flawed and over good cells
 */
export function memoryLoss(layers, flaw, { views, power }) {
  const features = joined(layers);
  const [n, h, w, channels] = features.shape;
  const scenes = n / views;
  const cells = views * h * w;
  const rows = tf.reshape(features, [scenes, cells, channels]);

  // cells next to a flaw are neither good nor flawed: their features see both
  const near = tf.maxPool(flaw, 3, 1, 'same');
  const perScene = (x) => tf.reshape(tf.cast(x, 'float32'), [scenes, cells]);
  const good = perScene(tf.lessEqual(near, 0));
  const flawed = perScene(tf.greater(flaw, 0.25));

  const picture = tf.floorDiv(tf.range(0, cells, 1, 'int32'), tf.scalar(h * w, 'int32'));
  const same = tf.cast(tf.equal(tf.expandDims(picture, 0), tf.expandDims(picture, 1)), 'float32');
  const blocked = tf.maximum(tf.expandDims(same, 0), tf.expandDims(tf.sub(1, good), 1));
  const own = logNearest(rows, rows, blocked);
  const others = tf.concat([tf.slice(rows, [1, 0, 0]), tf.slice(rows, 0, [1, cells, channels])]);
  const foreign = logNearest(rows, others);

  const exceeds = (smaller, larger) => tf.softplus(tf.mul(tf.sub(smaller, larger), power));
  // log of the mean over good cells of distance^power, over power: the largest count most
  const counted = tf.sub(tf.mul(own, power), tf.mul(tf.sub(1, good), 1e4));
  const count = tf.add(tf.sum(good, 1, true), 1e-3);
  const level = tf.div(tf.sub(tf.logSumExp(counted, 1, true), tf.log(count)), power);
  const perCell = exceeds(level, own);
  const mean = (x, weight) => tf.div(tf.sum(tf.mul(x, weight)), tf.add(tf.sum(weight), 1));
  return tf.stack([mean(perCell, flawed), mean(exceeds(own, foreign), good)]);
}

/** Logarithm of the distance of each of `from` [n, p, c] to the nearest of `to` [n, q, c] that is not blocked, [n, p]. */
function logNearest(from, to, blocked) {
  const squares = (x) => tf.sum(tf.square(x), 2, true);
  const products = tf.matMul(from, to, false, true);
  const distances = tf.sub(tf.add(squares(from), tf.transpose(squares(to), [0, 2, 1])), tf.mul(products, 2));
  const nearest = tf.min(blocked ? tf.add(distances, tf.mul(blocked, 1e6)) : distances, 2);
  return tf.mul(tf.log(tf.add(tf.maximum(nearest, 0), 1e-4)), 0.5);
}

/** 3x3 means of each layer, the coarser brought to the size of the finer. */
function joined(layers) {
  const [, h, w] = layers[0].shape;
  const pooled = layers.map((layer) =>
    tf.avgPool(
      tf.pad(layer, [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ]),
      3,
      1,
      'valid',
    ),
  );
  return tf.concat([pooled[0], tf.image.resizeBilinear(pooled[1], [h, w], false, true)], 3);
}
