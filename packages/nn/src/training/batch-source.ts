import { checkOptions } from '@ddad/options';
import type * as tf from '@tensorflow/tfjs';

/**
 * Where batches [n, h, w, c] come from: a function that gives those of an epoch (0, 1, ...), in the same order
 * every time it is asked for the same epoch. Each tensor is disposed once it has been used. Or an array, gone
 * through in order every epoch, whose tensors stay the caller's.
 */
export type BatchSource =
  | readonly tf.Tensor4D[]
  | ((epoch: number) => Iterable<tf.Tensor4D> | AsyncIterable<tf.Tensor4D>);

/** The batches of an epoch from batch `from` on, with the disposal rule of {@link BatchSource}. */
export async function* batchesOf(
  source: BatchSource,
  options: { epoch: number; from?: number },
): AsyncGenerator<{ batch: tf.Tensor4D; index: number }> {
  checkOptions('batchesOf', options, { epoch: true, from: true });
  const { epoch, from = 0 } = options;
  const owned = typeof source === 'function';
  let index = 0;
  for await (const batch of typeof source === 'function' ? source(epoch) : source) {
    try {
      if (index >= from) yield { batch, index };
    } finally {
      if (owned) batch.dispose();
    }
    index++;
  }
}
