import type * as tf from '@tensorflow/tfjs';

/** Throws unless both tensors have rank 4 and the same shape. */
export function checkSameShape(who: string, names: [string, string], a: tf.Tensor, b: tf.Tensor): void {
  for (const [name, { shape }] of [
    [names[0], a],
    [names[1], b],
  ] as const) {
    if (shape.length !== 4) throw new Error(`${who}: ${name} must have shape [n, h, w, c], got [${shape}]`);
  }
  if (a.shape.some((size, axis) => size !== b.shape[axis])) {
    throw new Error(
      `${who}: ${names[0]} is [${a.shape}], but ${names[1]} is [${b.shape}]; they must be alike`,
    );
  }
}
